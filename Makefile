# Two commands: `make demo` and `make test`. Each makes .venv from Python 3.11 and the versions in requirements.lock.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO := demo
BENCH_DATE ?=

.PHONY: demo test lint unit tools pictures bench clean

demo: $(STAMP)
	rm -rf $(DEMO)
	$(BIN)/tthc init $(DEMO) --quiet
	cp -R sample_data/exports/. $(DEMO)/exports/
	cd $(DEMO) && ../$(BIN)/tthc ingest exports/ || test $$? -eq 1
	cd $(DEMO) && ../$(BIN)/tthc score --quarter 2023Q2
	@cd $(DEMO) && echo && echo "Phiếu điểm / scorecards:" \
	  && ../$(BIN)/tthc report --format xlsx | sed 's|^|  |' && ../$(BIN)/tthc report --format html | sed 's|^|  |'

test: lint unit

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: $(STAMP) tools
	$(BIN)/pytest -n 2

# What some tests look through: a browser and an office suite. Without them those tests are skipped, and say so.
tools:
	@for tool in chromium:chromium soffice:libreoffice-calc; do \
	  command -v $${tool%%:*} >/dev/null && continue; \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    (apt-get update && apt-get install -y --no-install-recommends $${tool##*:}) >/dev/null 2>&1; \
	  fi; \
	  command -v $${tool%%:*} >/dev/null || echo "NOTE: $${tool%%:*} is not installed; the tests that need it are skipped."; \
	done

# Pictures in docs/, drawn from the sample province.
pictures: $(STAMP) tools
	$(BIN)/python docs/make_pictures.py

# Results go to docs/benchmarks.md, with the date given: make bench BENCH_DATE=2026-11-21
bench: $(STAMP)
	$(BIN)/python benchmarks/startup.py --date $(BENCH_DATE)
	$(BIN)/python benchmarks/workdays.py --date $(BENCH_DATE)
	$(BIN)/python benchmarks/ingest.py --date $(BENCH_DATE)
	$(BIN)/python benchmarks/years.py --date $(BENCH_DATE)
	$(BIN)/python benchmarks/score.py --date $(BENCH_DATE)
	$(BIN)/python benchmarks/lists.py --date $(BENCH_DATE)
	$(BIN)/python benchmarks/cluster.py --date $(BENCH_DATE)
	$(BIN)/python benchmarks/report.py --date $(BENCH_DATE)

$(STAMP): requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

clean:
	rm -rf $(VENV) $(DEMO)
