# Two commands: `make demo` and `make test`. Each makes .venv from Python 3.11 and the versions in requirements.lock.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO := demo
BENCH_DATE ?=
UV := $(BIN)/python -m uv
BUNDLER := pyinstaller==6.22.3

.PHONY: demo test lint unit lowest lowest-suite tools wheel wheelhouse wheelhouse-windows wheelhouse-macos bundle pictures bench clean

demo: $(STAMP)
	rm -rf $(DEMO)
	$(BIN)/tthc demo $(DEMO)

test: lint unit lowest

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: $(STAMP) tools
	$(BIN)/pytest -n 2 --dist loadfile

# What some tests look through: a browser and an office suite. Without them those tests are skipped, and say so.
tools:
	@for tool in chromium:chromium soffice:libreoffice-calc; do \
	  command -v $${tool%%:*} >/dev/null && continue; \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    (apt-get update && apt-get install -y --no-install-recommends $${tool##*:}) >/dev/null 2>&1; \
	  fi; \
	  command -v $${tool%%:*} >/dev/null || echo "NOTE: $${tool%%:*} is not installed; the tests that need it are skipped."; \
	done

# The demo with the lowest versions that pyproject.toml allows, and with the locked ones on every Python from 3.11 on that is found.
lowest: wheel
	$(BIN)/python packaging/try_versions.py dist/*.whl

# The same versions under the tests of reading, counting and showing: a quarter of an hour, before a bound is moved.
lowest-suite: $(STAMP)
	rm -rf build/lowest
	$(UV) venv --quiet --python $(PYTHON) build/lowest
	$(UV) pip install --quiet --python build/lowest/bin/python --resolution lowest-direct --requirement pyproject.toml
	$(UV) pip install --quiet --python build/lowest/bin/python --constraint requirements.lock pytest pytest-xdist hypothesis PyYAML
	build/lowest/bin/python -m pytest -n 2 -p no:cacheprovider -o addopts=--strict-markers -q tests/ingest tests/indicators tests/statements \
	  tests/results tests/rulebooks tests/render tests/cli tests/machine/test_machine.py tests/test_frames.py tests/test_properties.py \
	  --ignore tests/indicators/test_cluster.py --ignore tests/render/test_browser.py --ignore tests/render/test_office_format.py

wheel: $(STAMP)
	rm -f dist/*.whl dist/*.tar.gz
	$(BIN)/python -m hatchling build -d dist

# For machines without a network: dist/wheelhouse, with what it takes to install there in docs/machines.md.
wheelhouse: wheel
	rm -rf dist/wheelhouse build/wheelhouse build/demo
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --constraint requirements.lock --wheel-dir dist/wheelhouse dist/*.whl
	$(PYTHON) -m venv build/wheelhouse
	build/wheelhouse/bin/python -m pip install --quiet --disable-pip-version-check --no-index --find-links dist/wheelhouse tthc-cli
	cd build && wheelhouse/bin/tthc demo demo --quiet && ls demo/reports

# The same for offices on other systems, of versions that were locked here: dist/wheelhouse-windows, dist/wheelhouse-macos.
wheelhouse-windows: TAG := win_amd64
wheelhouse-macos: TAG := macosx_12_0_arm64
wheelhouse-windows wheelhouse-macos: wheelhouse-%: wheel
	rm -rf dist/$@
	mkdir -p build dist/$@
	$(UV) pip compile --quiet --python-version 3.11 --python-platform $* --constraint requirements.lock --output-file build/$*.txt pyproject.toml
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --platform $(TAG) --python-version 3.11 \
	  --requirement build/$*.txt --dest dist/$@
	cp dist/*.whl dist/$@

# For machines without Python: dist/tthc, a folder that runs on systems like this one.
bundle: wheel
	rm -rf build/bundle build/demo
	$(UV) venv --quiet --python $(PYTHON) build/bundle
	$(UV) pip install --quiet --python build/bundle/bin/python --constraint requirements.lock dist/*.whl $(BUNDLER)
	build/bundle/bin/pyinstaller --noconfirm --log-level WARN --distpath dist --workpath build/work packaging/tthc.spec
	cd build && ../dist/tthc/tthc demo demo --quiet && ls demo/reports

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
	rm -rf $(VENV) $(DEMO) build dist
