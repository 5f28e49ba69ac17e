# The two commands are `make run` and `make test`; `make help` lists the others.
# Each first makes the environment in .venv, and makes it again only when the requirements change.

VENV ?= .venv
export VENV
# Some containers forbid Python to keep what it compiled; each process would then compile all modules anew.
unexport PYTHONDONTWRITEBYTECODE

python := $(VENV)/bin/python
manage := $(python) manage.py
# Arguments for pytest, for example: make test ARGS="-k digest"
ARGS ?=
# How many tests run at once: a number, or auto for one on each core.
JOBS ?= auto
# The order of the tests: fixed, with the long ones first, or random. The seed is printed; ARGS="--randomly-seed=SEED" repeats it.
ORDER ?= fixed
pytest = $(python) -m pytest --numprocesses $(JOBS) --dist loadfile --no-loadscope-reorder --durations=10 \
	$(if $(filter random,$(ORDER)),-p randomly)
# How large `make mail-faults` and `make evidence-faults` run: full, or slice (a few minutes).
SIZE ?= full
# Data for commands that need a folder but keep nothing.
scratch = $(VENV)/scratch

.PHONY: help run test looks races mail-faults evidence-faults demo demo-remove lint format pictures dashboard-scale \
	mail-scale structure migrations clean env env-dev lint-style lint-templates lint-words lint-types lint-imports lint-migrations lint-deployment

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: env ## Run the tracker: web, worker, mailer and beat, until Ctrl-C
	@exec $(manage) run

test: env-dev ## Run the tests, each page in one width and colour
	@exec $(pytest) $(ARGS)

looks: env-dev ## Look at the pages in all widths and colours; pictures go into test-results/
	@exec $(pytest) -m looks --looks all $(ARGS)

evidence-faults: env-dev ## Kill uploads, damage and restore evidence; print the figures (SIZE=slice: short)
	@exec $(python) -m tests.evidencefaults --size $(SIZE) $(ARGS)

races: env-dev ## Let two people decide at the same moment, 200 times for each story
	@RACE_TRIES=200 $(python) -m pytest -s -q tests/security/test_two_reviewers.py $(ARGS)

mail-faults: env-dev ## Kill senders, brokers and mail servers; print what was lost or doubled (SIZE=slice: short)
	@$(python) -m tests.faults --size $(SIZE) $(ARGS)

demo: env ## Add a made-up team and six months of its work, marked as examples
	@$(manage) prepare
	@$(manage) demo

demo-remove: env ## Remove the made-up team and its work again
	@$(manage) demo --remove

# Each check is a separate target, so that `make --keep-going lint` shows the results of all of them.
lint: lint-style lint-templates lint-words lint-types lint-imports lint-migrations lint-deployment ## Check style, templates, spelling, words, types, imports, migrations, deployment

lint-style: env-dev
	$(python) -m ruff check .
	$(python) -m ruff format --check .

lint-templates: env-dev
	$(VENV)/bin/djlint --check --quiet templates

lint-words: env-dev
	$(VENV)/bin/codespell
	$(python) scripts/words.py

lint-types: env-dev
	$(python) -m mypy tracker recommendations

lint-imports: env-dev
	$(VENV)/bin/lint-imports

lint-migrations: env-dev
	DATA_DIR=$(scratch) $(manage) makemigrations --check --dry-run

lint-deployment: env-dev
	DATA_DIR=$(scratch) SITE_URL=https://tracker.example.org EMAIL_URL=smtp+tls://a:b@mail.example.org:587 \
		$(manage) check --deploy --fail-level WARNING

format: env-dev ## Format the code in the house style
	$(python) -m ruff check --fix .
	$(python) -m ruff format .
	$(VENV)/bin/djlint --reformat --quiet templates

pictures: env-dev ## Make the README's two pictures again, from made-up data
	@mkdir -p docs
	@PICTURES=docs $(python) -m pytest --looks all tests/browser/test_pictures.py

dashboard-scale: env-dev ## Measure the desk with 20,000 updates against its bare SQL and an empty page
	@DATA_DIR=$(scratch) $(python) -m bench.dashboard

mail-scale: env-dev ## Measure planning for 10,000 people, and sending against bare smtplib; DATABASE_URL for PostgreSQL
	@$(python) -m bench.mail_scale

structure: env-dev ## Count rooms, imports between them, functions, types and long lines
	@$(python) scripts/structure.py

migrations: env ## Write the migration that a change of the models needs
	$(manage) makemigrations

clean: ## Remove the environment and caches; data in var/ stays
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

env:
	@scripts/environment requirements.txt

env-dev:
	@scripts/environment requirements.txt requirements-dev.txt
