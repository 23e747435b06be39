package compose

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"daybreak/internal/config"
	"daybreak/internal/model"
)

// Titles of dependency updates, as Dependabot, Renovate and people write them.
// The groups are name, from and to, where a title says them.
var dependencyTitles = []*regexp.Regexp{
	regexp.MustCompile(`(?i)^bumps? (?:the )?(?P<name>\S+) from (?P<from>v?\d\S*|[0-9a-f]{7,40}) to (?P<to>v?\d\S*|[0-9a-f]{7,40})(?: in \S+)?$`),
	// "update the price from 5.00 to 6.50" is none.
	regexp.MustCompile(`(?i)^(?:upgrade|update)s? (?:the )?(?P<name>\S+) from (?P<from>v\d\S*|\d+\.\d+\.\d\S*) to (?P<to>v\d\S*|\d+\.\d+\.\d\S*)$`),
	regexp.MustCompile(`(?i)^bump the \S+ group\b.* with (?P<count>\d+) updates?\b`),
	regexp.MustCompile(`(?i)^update (?:dependency|helm release|docker tag|docker image) (?P<name>\S+)(?: from \S+)? to (?P<to>\S+)(?: \[security\])?$`),
	regexp.MustCompile(`(?i)^update module (?P<name>\S+[/.]\S+) to (?P<to>\S+)$`),
	regexp.MustCompile(`(?i)^update (?P<name>\S+)(?: docker tag| action| orb| monorepo| packages| docker digest| digest| plugin| terraform| buildpack)+ to (?P<to>\S+)$`),
	regexp.MustCompile(`(?i)^(?:update|upgrade|bump|pin|refresh) (?:all |the )*(?:(?:non-major|minor|patch|go|npm|pip|cargo|maven|gradle|ruby|python|dev|development|production|transitive|direct|project|yarn) )*(?:dependencies|dependency versions|deps|lock ?files?)\b`),
	regexp.MustCompile(`(?i)^lock file maintenance\b`),
	regexp.MustCompile(`(?i)^(?:\[pre-commit\.ci\] )?pre-commit autoupdate\b`),
}

// plainUpdate is what a robot or the scope deps makes a dependency update:
// without them "update the schema to v2" could be anything.
var plainUpdate = regexp.MustCompile(`(?i)^(?:bump|upgrade|update|pin)s? (?:the )?(?P<name>\S+?)(?: from (?P<from>\S+))?(?: to (?P<to>v?\d\S*))?$`)

var (
	dependencyRobots = regexp.MustCompile(`(?i)\b(?:dependabot|renovate|scala-steward|snyk-bot|pyup-bot|greenkeeper|depfu|pre-commit-ci)\b`)
	robotBranches    = regexp.MustCompile(`(?:^|/)(?:dependabot|renovate|snyk-(?:fix|upgrade)|greenkeeper|depfu|scala-steward)[/-]`)
	// titlePlaces are what teams put in front of a title: tickets, areas, emoji.
	titlePlaces = regexp.MustCompile(`^(?:\[[^\]]*\]\s*|[A-Z][A-Z0-9]*-\d+:?\s+|MINOR:\s*|[^\p{L}\[]+)*`)
)

// lockFiles only ever follow what a manifest asks for.
var lockFiles = []string{
	"go.mod", "go.sum", "go.work.sum", "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lockb",
	"Gemfile.lock", "poetry.lock", "uv.lock", "Pipfile.lock", "pdm.lock", "Cargo.lock", "composer.lock", "gradle.lockfile",
	"mix.lock", "packages.lock.json", "Podfile.lock", "pubspec.lock", "flake.lock",
}

// dependencyBumps finds what a change does to dependencies where it does nothing
// else; nil for all other changes. It goes by the header's scope, by who made
// it, by its title, and where paths were read by its files.
func dependencyBumps(ch *model.Change) []model.DependencyBump {
	title := strings.TrimSpace(titlePlaces.ReplaceAllString(ch.Title, ""))
	if ch.Header.Text != "" && ch.Header.Type != "revert" {
		title = ch.Header.Text
	}
	for _, p := range dependencyTitles {
		if bumps := bumpsOf(p, title); bumps != nil {
			return bumps
		}
	}
	m := plainUpdate.FindStringSubmatch(title)
	switch {
	case isDependencyHeader(ch.Header), byRobot(ch):
		if m != nil {
			return bumpsOf(plainUpdate, title)
		}
	case onlyDependencyFiles(ch) && ch.Header.Type != "release" && !strings.HasPrefix(strings.ToLower(title), "release"):
		if _, version := model.ParseVersion(strings.TrimSpace(ch.Title)); version {
			return nil
		}
	default:
		return nil
	}
	return []model.DependencyBump{{}}
}

// bumpsOf reads a title with one pattern.
func bumpsOf(p *regexp.Regexp, title string) []model.DependencyBump {
	m := p.FindStringSubmatch(title)
	if m == nil {
		return nil
	}
	var b model.DependencyBump
	n := 1
	for i, name := range p.SubexpNames() {
		switch name {
		case "name":
			b.Name = strings.Trim(m[i], "`'\"")
		case "from":
			b.From = m[i]
		case "to":
			b.To = m[i]
		case "count":
			n, _ = strconv.Atoi(m[i])
		}
	}
	switch strings.ToLower(b.Name) {
	case "version", "the version", "project version", "release":
		return nil // its own
	}
	return append([]model.DependencyBump{b}, make([]model.DependencyBump, max(0, min(n, 1000)-1))...)
}

func isDependencyHeader(h model.Header) bool {
	return h.Type == "deps" || h.Type == "dep" || slices.Contains([]string{"deps", "deps-dev", "dev-deps", "dependencies"}, strings.ToLower(h.Scope))
}

// byRobot reports whether a dependency robot made all of the change's commits.
func byRobot(ch *model.Change) bool {
	if ch.Request != nil && robotBranches.MatchString(ch.Request.Source) {
		return true
	}
	work := ch.Inner
	if len(work) == 0 {
		work = []model.Commit{ch.Tip}
	}
	return !slices.ContainsFunc(work, func(c model.Commit) bool {
		return len(c.Parents) < 2 && !dependencyRobots.MatchString(c.Author.Name) && !dependencyRobots.MatchString(c.Author.Mail)
	})
}

// onlyDependencyFiles reports whether lock files and submodules are all that a
// change touches.
func onlyDependencyFiles(ch *model.Change) bool {
	return len(ch.Paths) > 0 && !slices.ContainsFunc(ch.Paths, func(p model.PathChange) bool {
		return !slices.Contains(lockFiles, path.Base(p.Path)) &&
			!slices.ContainsFunc(ch.Submodules, func(b model.SubmoduleBump) bool { return b.Path == p.Path && b.Old != "" && b.New != "" })
	})
}

// Dependencies gives a release's live changes that do nothing but update
// dependencies, and how many dependencies they update: several updates of one
// count once.
func Dependencies(r *model.Release) ([]*model.Change, int) {
	var out []*model.Change
	n := 0
	names := map[string]bool{}
	for i := range r.Changes {
		ch := &r.Changes[i]
		if ch.Bucket != "" || len(ch.Dependencies) == 0 || ch.LeftOut {
			continue
		}
		out = append(out, ch)
		for _, b := range ch.Dependencies {
			if b.Name == "" && len(bumpedModules(ch)) > 0 {
				continue
			}
			if b.Name == "" || !names[b.Name] {
				n++
			}
			names[b.Name] = true
		}
		for _, s := range bumpedModules(ch) {
			if key := submoduleKey(ch, s); !names[key] {
				names[key] = true
				n++
			}
		}
	}
	return out, n
}

// bumpedModules are the submodules that a dependency update took further, where
// its title doesn't name them.
func bumpedModules(ch *model.Change) []model.SubmoduleBump {
	if slices.ContainsFunc(ch.Dependencies, func(b model.DependencyBump) bool { return b.Name != "" }) {
		return nil
	}
	return ch.Submodules
}

// submoduleKey tells a submodule from those of other repositories and from
// dependencies of its name.
func submoduleKey(ch *model.Change, s model.SubmoduleBump) string {
	return ch.Repository + "\x00" + s.Path
}

// dependencyNote is the one line of the notes for all dependency updates, where
// customers are told of them: unless the workspace makes them internal by name.
func dependencyNote(c *config.Config, r *model.Release, l model.Lang) (model.Note, bool) {
	if c.Notes.Dependencies == "withhold" {
		return model.Note{}, false
	}
	list, n := Dependencies(r)
	list = slices.DeleteFunc(list, func(ch *model.Change) bool { return c.History.Types[ch.Header.Type] == internalKind })
	if len(list) == 0 {
		return model.Note{}, false
	}
	if len(list) == 1 {
		n = len(list[0].Dependencies)
	}
	return model.Note{Anchor: Anchor("dependencies"), Kind: model.KindChanged, Title: dependencyTitle(n, l), Lang: l, Folded: n}, true
}

// dependencyTitle says how many dependencies were updated.
func dependencyTitle(n int, l model.Lang) string {
	one, many := "1 dependency updated", "%d dependencies updated"
	if l == model.German {
		one, many = "1 Abhängigkeit aktualisiert", "%d Abhängigkeiten aktualisiert"
	}
	if n == 1 {
		return one
	}
	return fmt.Sprintf(many, n)
}

// dependencyNames names the updated dependencies for a sheet, at most three: each
// once with what it was taken to at last, and a submodule with where it came
// from. The list is given newest first.
func dependencyNames(list []*model.Change) string {
	var names []string
	at := map[string]int{} // of a key in names
	bumps := map[string]model.SubmoduleBump{}
	unnamed := 0
	for _, ch := range list {
		for _, b := range ch.Dependencies {
			_, have := at[b.Name]
			switch {
			case b.Name == "" && len(bumpedModules(ch)) == 0:
				unnamed++
			case b.Name != "" && !have:
				at[b.Name] = len(names)
				names = append(names, strings.TrimSpace(b.Name+" "+b.To))
			}
		}
		for _, s := range bumpedModules(ch) {
			key := submoduleKey(ch, s)
			if k, have := at[key]; have {
				s.New = bumps[key].New
				names[k] = s.String()
			} else {
				at[key] = len(names)
				names = append(names, s.String())
			}
			bumps[key] = s
		}
	}
	if rest := len(names) - 3; rest > 0 {
		names, unnamed = names[:3], unnamed+rest
	}
	out := strings.Join(names, ", ")
	if unnamed > 0 {
		out = strings.TrimSpace(out + fmt.Sprintf(" +%d", unnamed))
	}
	return out
}
