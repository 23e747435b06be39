# Targets for people and for CI. `make help` lists them.
.DEFAULT_GOAL := help
OUT ?= demo
REPO ?=

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

.PHONY: demo
demo: ## make the sample product and workspace, build them, say what to open
	go run ./cmd/daybreak demo --out $(OUT)

.PHONY: build
build: ## build the command into ./daybreak
	go build -o daybreak ./cmd/daybreak

.PHONY: release
release: ## archives for Linux, macOS and Windows with checksums, in dist; VERSION=1.2.0
	go run ./cmd/release --version "$(VERSION)"

# The two packages that take longest begin, side by side. A hang ends with the name
# of its test, long before CI gives up.
.PHONY: test
test: ## run all tests; browser tests need Chromium, and `make web` for axe and html-validate
	go tool gotestsum --format pkgname-and-test-fails --hide-summary=skipped -- -timeout 12m ./internal/site ./cmd/daybreak ./...

.PHONY: web
web: .ci/web/node_modules/.package-lock.json ## install from npm what tests check pages and examples with
.ci/web/node_modules/.package-lock.json: .ci/web/package-lock.json
	cd .ci/web && npm ci --no-audit --no-fund --ignore-scripts

.PHONY: lint
lint: ## gofmt, vet, staticcheck
	@test -z "$$(gofmt -l cmd content internal templates themes)" || { gofmt -l cmd content internal templates themes; exit 1; }
	go vet ./...
	go tool staticcheck ./...

.PHONY: check
check: lint web test ## what CI runs

.PHONY: bench
bench: ## builds and the walk beside git log, as ratios; REPO=/path for a repository of yours
	DAYBREAK_REPO=$(REPO) go test -run '^$$' -bench . -benchtime 1x ./cmd/daybreak

.PHONY: fuzz
fuzz: ## fuzz every parser for 20 s each
	@for p in $$(go list ./...); do for f in $$(go test -list '^Fuzz' $$p | grep '^Fuzz'); do \
		echo "$$p $$f"; go test -run '^$$' -fuzz "^$$f$$" -fuzztime 20s $$p || exit 1; done; done

.PHONY: golden
golden: ## rewrite the expected outputs of the tests; read the diff before committing
	DAYBREAK_UPDATE=1 go test ./...
