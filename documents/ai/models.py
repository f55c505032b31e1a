"""What is known of Claude's models, by the beginning of their names, and what a server that offers models may know.

From the models' pages and "What's new" on platform.claude.com, as they stood in November 2026.
"""

from dataclasses import dataclass

# What not every server that speaks the Messages API can do: take documents as such, cite them, keep to a JSON form,
# count tokens ahead, take batches.
FEATURES = ("documents", "citations", "forms", "counting", "batches")


@dataclass(frozen=True, slots=True)
class Model:
    """Sizes are tokens. `window` is for prompt and answer together; `thinking` what has to be said so that it does not
    think before it answers, if anything; `cached_from` the shortest prompt that is kept ready when asked to."""

    window: int
    longest_answer: int | None = None
    thinking: str = ""
    cached_from: int | None = None


_UNKNOWN = Model(window=200_000)
_KNOWN = {
    "claude-haiku-4-5": Model(window=200_000, longest_answer=64_000, cached_from=4_096),
    "claude-haiku-5-5": Model(window=1_000_000, longest_answer=128_000, thinking="disabled", cached_from=512),
    "claude-sonnet-5-5": Model(window=1_000_000, longest_answer=128_000, thinking="between_tools", cached_from=512),
    # Always thinks, and refuses to be told not to.
    "claude-opus-5-5": Model(window=1_000_000, longest_answer=128_000, cached_from=512),
}


def known(name: str) -> Model:
    """What is known of a model; of one never heard of, what holds for most."""
    return next((model for beginning, model in _KNOWN.items() if name.startswith(beginning)), _UNKNOWN)
