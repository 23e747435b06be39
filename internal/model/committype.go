package model

// Internal stands in the place of a kind where customers are not told.
const Internal = "internal"

// typeKinds maps the conventional commit types in use
// (https://www.conventionalcommits.org, the Angular convention, and what
// public repositories write) to kinds.
var typeKinds = map[string]string{
	"feat": "added", "feature": "added", "add": "added", "added": "added", "new": "added",
	"fix": "fixed", "fixed": "fixed", "bugfix": "fixed", "hotfix": "fixed", "bug": "fixed",
	"perf": "changed", "change": "changed", "changed": "changed", "improve": "changed", "improvement": "changed",
	"enhance": "changed", "enhancement": "changed", "ui": "changed", "ux": "changed",
	"remove": "removed", "removed": "removed", "deprecate": "deprecated", "deprecated": "deprecated",
	"security": "security", "sec": "security",
	"chore": Internal, "ci": Internal, "test": Internal, "tests": Internal,
	"build": Internal, "style": Internal, "refactor": Internal, "doc": Internal,
	"docs": Internal, "deps": Internal, "dep": Internal, "release": Internal,
	"wip": Internal, "internal": Internal, "lint": Internal, "tooling": Internal,
	"dev": Internal, "cleanup": Internal, "meta": Internal, "infra": Internal,
}

// TypeKind gives the kind that a conventional commit's type means, or Internal; "" for
// a word that is no such type. Settings add and override.
func TypeKind(commitType string) string { return typeKinds[commitType] }
