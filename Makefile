# Two commands matter: `make run` and `make test`. Each sets up what it needs.

PYTHON := .venv/bin/python

.PHONY: run test check format screenshots bootstrap

run: bootstrap
	@exec $(PYTHON) manage.py serve

test: bootstrap
	@exec $(PYTHON) -m pytest -n 2 --dist loadgroup

check: bootstrap
	@scripts/check

format: bootstrap
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format .

screenshots: bootstrap
	@$(PYTHON) scripts/screenshots.py

bootstrap:
	@scripts/bootstrap
