# Two commands: `make demo` and `make test`. Each makes .venv from Python 3.11 and the versions in requirements.lock.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO := demo

.PHONY: demo test lint unit clean

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

unit: $(STAMP)
	$(BIN)/pytest -n 2

$(STAMP): requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

clean:
	rm -rf $(VENV) $(DEMO)
