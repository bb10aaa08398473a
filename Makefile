# The two commands that do everything: `make run` and `make test`.

CARGO ?= cargo

.PHONY: run test build check http codegen exports explorer chromium bench clean

# Build everything and serve the bundled graph on http://127.0.0.1:8080.
run: web/dist/app/index.html
	$(CARGO) run --release -- serve

build: web/dist/app/index.html
	$(CARGO) build --release

# The explorer, which the server embeds.
web/dist/app/index.html: web/node_modules/.package-lock.json $(shell find web/src web/graphiql web/*.ts web/*.json web/*.html -type f)
	cd web && npm run --silent build

# Install what the tests need and run all of them.
test: explorer check http codegen exports

check:
	$(CARGO) test --quiet --lib --bins --tests
	$(CARGO) test --quiet --doc
	$(CARGO) check --quiet --benches

# The real binary against clients of others: the audits of graphql-http, graphql-js as a validator.
http: tests/http/node_modules/.package-lock.json
	$(CARGO) build --quiet
	node tests/http/run.mjs target/debug/guitu

# A typed client, generated from the served schema and compiled; introspection against the SDL.
codegen: tests/codegen/node_modules/.package-lock.json
	$(CARGO) build --quiet
	target/debug/guitu schema > target/schema.graphql
	node tests/codegen/check.mjs --query > target/introspection.graphql
	target/debug/guitu query --data target/codegen --no-seed -f target/introspection.graphql > target/introspection.json
	node tests/codegen/check.mjs target/schema.graphql target/introspection.json

# Exports, read back by NetworkX, igraph and rdflib, which go into a folder of their own; what
# `graphMetrics` says against what they compute.
exports:
	$(CARGO) build --quiet
	@if command -v python3 > /dev/null; then $(MAKE) --no-print-directory target/python/.installed && \
	  target/python/bin/python tests/exports/check.py target/debug/guitu && \
	  target/python/bin/python tests/exports/metrics.py target/debug/guitu; \
	else echo "there is no python3: NOT TESTED whether others read the exports and measure them alike"; fi

target/python/.installed: tests/exports/requirements.txt
	python3 -m venv target/python
	target/python/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	touch $@

%/node_modules/.package-lock.json: %/package.json %/package-lock.json
	cd $* && npm ci --no-audit --no-fund --loglevel=error
	touch $@

# The explorer: built and typed, its queries against the served schema, the page in Chromium.
explorer: web/dist/app/index.html chromium
	$(CARGO) build --quiet
	cd web && npm run --silent check
	cd web && npm test --silent
	cd web && npm run --silent browse

# Chromium without a window, and letters for Chinese; from Debian where they are missing.
chromium:
	command -v chromium chromium-browser google-chrome >/dev/null || \
	  { apt-get update -qq && apt-get install -y -qq chromium fonts-noto-cjk; }

bench:
	$(CARGO) bench

clean:
	$(CARGO) clean
	rm -rf tests/http/node_modules tests/codegen/node_modules web/node_modules web/dist/app
