# `make` alone lists the targets. DEVELOPERS.md says more about each.
SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help start test check bench doctor certs hosts clean

# A file read must not wait behind queries: both use Node's thread pool.
export UV_THREADPOOL_SIZE ?= 24
PNPM := scripts/pnpm.sh

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-8s %s\n", $$1, $$2 }'

start: ## Install, build and run everything; stop with Ctrl-C (PORT, FINOPS_DATA)
	@node scripts/ready.mjs start
	@exec node --enable-source-maps apps/server/dist/main.js

test: ## Install everything and run all tests with the coverage gate
	@node scripts/ready.mjs test
	@scripts/ensure-browser.sh
	@scripts/ensure-redis.sh
	@$(PNPM) -s test:all

check: ## Format, lint, types, layers, unused code, documents (under two minutes)
	@node scripts/ready.mjs test
	@$(PNPM) -s check

bench: ## Measure speed and size against the goals (see docs/performance.md)
	@node scripts/ready.mjs test
	@node scripts/ready.mjs start
	@$(PNPM) -s bench

doctor: ## Look at this machine and the data folder, and say what is wrong
	@node scripts/ready.mjs start
	@$(PNPM) -s finops doctor

certs: ## Make certificates for *.localhost in certs/
	@scripts/make-certs.sh certs

hosts: ## Print the host entries for local companies (acme.localhost …)
	@printf '127.0.0.1 %s\n' localhost app.localhost demo.localhost acme.localhost
	@printf '::1 %s\n' localhost app.localhost demo.localhost acme.localhost
	@echo '# Browsers resolve *.localhost by themselves; other programs may need these lines in /etc/hosts.' >&2

clean: ## Remove what was installed, built and measured; the data folder stays
	rm -rf node_modules {apps,packages,shared,tools}/*/{node_modules,dist} apps/web/e2e/node_modules
	rm -rf coverage reports .turbo .stryker-tmp test-results playwright-report
