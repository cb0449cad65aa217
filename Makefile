# What people and CI run. `make demo` and `make test` each work as the first command in a fresh clone:
# they need Python 3.11 or newer with venv, and make.

PYTHON ?= python3
ARGS ?=
# One process more than the usual two cores: those that drive browsers wait most of the time.
PYTEST_ARGS ?= -n 3 --dist loadgroup
BELOWLINE_DATA ?= ../shared/data

PIP = -m pip --disable-pip-version-check -qq install
DEV = .venv
DEMO = .venv-demo
UV_COMPILE = uv pip compile --quiet pyproject.toml --universal --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate

.PHONY: help demo test faults check eval bench bench-abuse bench-desk bench-guarantees bench-newsroom bench-page bench-learn bench-load bench-perspective bench-topic bench-watching format requirements messages compile-messages permissions retention soak audit fuzz clean python
.DEFAULT_GOAL = help

help:
	@echo "make demo          open a sample newsroom (ARGS=\"--story FILE\" adds a story)"
	@echo "make test          the tests that are quick enough for every change (PYTEST_ARGS chooses)"
	@echo "make test-slow     the others: in a browser, over five seconds, and the database's once more on PostgreSQL"
	@echo "make test-bulk     the tests that need Ray and PyArrow, which it installs first"
	@echo "make test-telemetry   the tests that need OpenTelemetry, which it installs first"
	@echo "make faults        kill servers and databases, fill disks, set clocks back: nothing is lost or published unjudged (ARGS)"
	@echo "make edge          nginx and Varnish with the files that are shipped: nobody's page is another's"
	@echo "make check         format, lint, types, layers, the rules of the house, and known vulnerabilities"
	@echo "make eval          measure the models on the data in BELOWLINE_DATA"
	@echo "make bench         measure the speed of pages and of judging"
	@echo "make bench-abuse   measure the speed of the abuse model beside a BERT-base classifier"
	@echo "make bench-bulk    measure how fast many comments are judged: one process, two, Ray, and in how much memory"
	@echo "make bench-hot-story   measure what of a story that everybody reads reaches the server, behind nginx"
	@echo "make bench-desk    measure what a decision on the desk costs, with a million comments"
	@echo "make bench-topic   measure what the on-topic judgement costs"
	@echo "make bench-guarantees   simulate how often a calibrated policy breaks its promise"
	@echo "make bench-newsroom   simulate a newsroom: the shipped policy beside the calibrated one (BELOWLINE_DATA)"
	@echo "make bench-page    measure what the first page of a long discussion costs a reader (ARGS names peers)"
	@echo "make bench-growth  compare a newsroom of 1,000,000 comments with one of 10,000"
	@echo "make bench-load    measure reading and posting beside other comment systems (ARGS=\"--bench FOLDER\")"
	@echo "make soak          a day of a busy newsroom in twenty minutes: memory, tasks, comments"
	@echo "make bench-learn   measure what learning from decisions gains (BELOWLINE_DATA)"
	@echo "make bench-perspective   measure the door for callers of Perspective (ARGS=\"--calls 10000\" is shorter)"
	@echo "make bench-watching   simulate how soon a broken promise is noticed, and how often one that is kept"
	@echo "make screenshots   take the pictures of readers' pages and of the desk anew (docs/images)"
	@echo "make format        put the code into its form"
	@echo "make messages      gather the words for readers into the catalogues of their languages"
	@echo "make compile-messages   make of the catalogues what the server reads"
	@echo "make permissions   write the matrix of permissions into the documentation"
	@echo "make fuzz          send the APIs many requests of any kind"
	@echo "make audit         ask whether a pinned requirement has a known vulnerability (needs a network)"
	@echo "make retention     write what is kept how long into the documentation"
	@echo "make requirements  pin the requirements anew (needs uv)"
	@echo "make clean         remove what was made here"

# Tests start many programs: each would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE

demo: $(DEMO)/.ready
	@PYTHONPATH=src $(DEMO)/bin/python -m belowline demo $(ARGS)

# One thread each for linear algebra: test processes with several each wait for one another.
test test-slow faults edge: export OPENBLAS_NUM_THREADS = 1

# What has a command of its own.
APART = --ignore=tests/faults --ignore=tests/edge --ignore=tests/bulk_ray --ignore=tests/config/telemetry

test: $(DEV)/.ready
	@scripts/ensure_node_clients.sh
	@$(DEV)/bin/python -m pytest $(PYTEST_ARGS) $(APART) -m "not browser and not slow"

.PHONY: test-slow
test-slow: $(DEV)/.ready
	@scripts/ensure_chromium.sh
	@scripts/ensure_node_clients.sh
	@$(DEV)/bin/python -m pytest $(PYTEST_ARGS) $(APART) -m "browser or slow"
	@scripts/test_on_postgres.sh $(DEV)/bin/python $(PYTEST_ARGS)

.PHONY: test-bulk bench-bulk bench-growth
test-bulk: $(DEV)/.bulk
	@$(DEV)/bin/python -m pytest $(ARGS) tests/bulk_ray

.PHONY: test-telemetry
test-telemetry: $(DEV)/.telemetry
	@$(DEV)/bin/python -m pytest $(ARGS) tests/config/telemetry

faults: $(DEV)/.ready
	@$(DEV)/bin/python -m pytest $(PYTEST_ARGS) tests/faults $(ARGS)

.PHONY: bench-hot-story
bench-hot-story: $(DEV)/.ready
	@scripts/ensure_caches.sh
	@$(DEV)/bin/python tests/bench/hot_story.py $(ARGS)

.PHONY: edge
edge: $(DEV)/.ready
	@scripts/ensure_caches.sh
	@$(DEV)/bin/python -m pytest -n 2 --dist loadgroup tests/edge

check: $(DEV)/.ready
	@$(DEV)/bin/ruff format --check
	@$(DEV)/bin/ruff check
	@$(DEV)/bin/mypy
	@$(DEV)/bin/lint-imports
	@$(DEV)/bin/python -m pytest --quiet tests/codebase -m "not slow"
	@$(DEV)/bin/python scripts/audit.py

fuzz: export BELOWLINE_FUZZ_EXAMPLES ?= 300
fuzz: $(DEV)/.ready
	@$(DEV)/bin/python -m pytest $(PYTEST_ARGS) tests/api/test_fuzz.py tests/compat/perspective/test_fuzz.py

audit: $(DEV)/.ready
	@$(DEV)/bin/python scripts/audit.py

eval: $(DEV)/.ready
	@test -d "$(BELOWLINE_DATA)" || { \
		echo "There is no data at $(BELOWLINE_DATA): set BELOWLINE_DATA to the folder with the data sets."; exit 1; }
	@$(DEV)/bin/python -m belowline.lab.quality --data $(BELOWLINE_DATA) --write docs/reference/quality.md $(ARGS)
	@$(DEV)/bin/python -m belowline.lab.thresholds --data $(BELOWLINE_DATA)
	@$(DEV)/bin/python -m belowline.lab.topic_quality --data $(BELOWLINE_DATA) --write docs/reference/topic-quality.md
	@$(DEV)/bin/python tests/gold/topic_figures.py --markdown docs/reference/topic-quality.md
	@$(DEV)/bin/python tests/gold/outcomes.py

bench: $(DEV)/.ready
	@$(DEV)/bin/python tests/bench/run.py $(ARGS)

bench-abuse: $(DEV)/.ready
	@$(DEV)/bin/python tests/bench/abuse.py --data $(BELOWLINE_DATA) $(ARGS)

bench-bulk: $(DEV)/.bulk
	@$(DEV)/bin/python tests/bench/bulk.py $(ARGS)

bench-desk: $(DEV)/.ready
	@scripts/ensure_chromium.sh
	@$(DEV)/bin/python tests/bench/desk.py $(ARGS)

bench-topic: $(DEV)/.ready
	@$(DEV)/bin/python tests/bench/topic.py --data $(BELOWLINE_DATA) $(ARGS)

bench-guarantees: $(DEV)/.ready
	@$(DEV)/bin/python tests/bench/guarantees.py $(ARGS)

bench-newsroom: $(DEV)/.ready
	@$(DEV)/bin/python tests/bench/newsroom.py --data $(BELOWLINE_DATA) $(ARGS)

bench-page: $(DEV)/.ready
	@scripts/ensure_chromium.sh
	@$(DEV)/bin/python tests/bench/page.py $(ARGS)

bench-learn: $(DEV)/.ready
	@$(DEV)/bin/python tests/bench/learn.py --data $(BELOWLINE_DATA) $(ARGS)

bench-growth: $(DEV)/.ready
	@$(DEV)/bin/python tests/bench/growth.py $(ARGS)

bench-load: $(DEV)/.ready
	@$(DEV)/bin/python tests/bench/load.py $(ARGS)

soak: $(DEV)/.ready
	@$(DEV)/bin/python tests/bench/soak.py $(ARGS)

bench-perspective: $(DEV)/.ready
	@$(DEV)/bin/python tests/bench/perspective.py $(ARGS)

bench-watching: $(DEV)/.ready
	@$(DEV)/bin/python tests/bench/watching.py $(ARGS)

screenshots: $(DEV)/.ready
	@scripts/ensure_chromium.sh
	@$(DEV)/bin/python scripts/screenshots.py $(ARGS)

format: $(DEV)/.ready
	@$(DEV)/bin/ruff format
	@$(DEV)/bin/ruff check --fix --exit-zero

messages: $(DEV)/.ready
	@$(DEV)/bin/python scripts/messages.py extract

compile-messages: $(DEV)/.ready
	@$(DEV)/bin/python scripts/messages.py compile

permissions: $(DEV)/.ready
	@$(DEV)/bin/python scripts/tables.py permissions

retention: $(DEV)/.ready
	@$(DEV)/bin/python scripts/tables.py retention

requirements:
	@command -v uv > /dev/null || { echo "uv is needed to pin the requirements: install it first"; exit 1; }
	$(UV_COMPILE) -o requirements/base.txt
	$(UV_COMPILE) --extra server -o requirements/server.txt
	$(UV_COMPILE) --extra lab -o requirements/lab.txt
	$(UV_COMPILE) --extra server --extra lab --group dev -o requirements/dev.txt
	$(UV_COMPILE) --extra telemetry --constraint requirements/dev.txt -o requirements/telemetry.txt
	$(UV_COMPILE) --extra bulk --constraint requirements/dev.txt -o requirements/bulk.txt

clean:
	rm -rf $(DEV) $(DEMO) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

python:
	@$(PYTHON) -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer with venv is needed; name it with make PYTHON=..."; exit 1; }

# The stamps: an environment is made anew only when its requirements have changed.
$(DEMO)/.ready: requirements/server.txt | python
	@echo "Installing what the newsroom needs into $(DEMO) (once) ..."
	@$(PYTHON) -m venv $(DEMO)
	@$(DEMO)/bin/python $(PIP) --require-hashes -r requirements/server.txt
	@touch $@

$(DEV)/.ready: requirements/dev.txt pyproject.toml | python
	@echo "Installing what development needs into $(DEV) (once) ..."
	@$(PYTHON) -m venv $(DEV)
	@$(DEV)/bin/python $(PIP) --require-hashes -r requirements/dev.txt
	@$(DEV)/bin/python $(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

# Ray and PyArrow, half a gigabyte, on top of it: only where they are asked for.
$(DEV)/.bulk: requirements/bulk.txt $(DEV)/.ready
	@echo "Installing what judging in bulk needs into $(DEV) (once) ..."
	@$(DEV)/bin/python $(PIP) --require-hashes -r requirements/bulk.txt
	@touch $@

$(DEV)/.telemetry: requirements/telemetry.txt $(DEV)/.ready
	@echo "Installing what traces need into $(DEV) (once) ..."
	@$(DEV)/bin/python $(PIP) --require-hashes -r requirements/telemetry.txt
	@touch $@
