#!/usr/bin/env python
"""Django's commands, and `serve`: the whole product on one machine."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from config import measuring
from config.management.commands import serve


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        if sys.argv[1:2] == ["serve"]:
            # It starts processes that load the product and needs no more of it than its settings: a second saved.
            serve.Command().run_from_argv(sys.argv)
        elif measuring.wanted(sys.argv):
            measuring.run(lambda: execute_from_command_line(sys.argv))
        else:
            execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Glossa cannot start. {error}")


if __name__ == "__main__":
    main()
