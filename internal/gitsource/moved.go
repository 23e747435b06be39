package gitsource

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// watchTags remembers where every release tag pointed when this machine first
// saw it, and says which have moved since. It says so in every run: a release
// that was published under the tag stays another one. A tag of one number
// ("v2") is made to move and isn't watched.
//
// The memory is in the cache, so that a workspace needs no file that every
// machine would write.
func (r *Repository) watchTags(diags diag.List) diag.List {
	file := r.cached("tags", "", "1")
	seen := map[string]string{}
	if b := file.load(); b != nil && json.Unmarshal(b, &seen) != nil {
		seen = map[string]string{}
	}
	fresh := false
	for _, full := range slices.Sorted(maps.Keys(r.refs)) {
		name, ok := strings.CutPrefix(full, "refs/tags/")
		if !ok || len(r.o.Tags) > 0 && !r.tagWanted(name) {
			continue
		}
		if v, ok := model.ParseVersion(name); !ok || v.Len < 2 {
			continue
		}
		now := r.refs[full].String()
		switch before, ok := seen[name]; {
		case !ok:
			seen[name], fresh = now, true
		case before != now:
			diags.Add(diag.New(diag.Warning, "tag-moved", diag.Position{}, diag.Say("tag %q has moved: it was %s when it was first read here, and is %s now", name, before[:min(8, len(before))], now[:8]),
				diag.Say("What was published under it may differ from what is built now. If the move was meant, remove %q.", file.path)))
		}
	}
	if fresh {
		if b, err := json.Marshal(seen); err == nil {
			w := file.create()
			_, _ = w.Write(b)
			w.keep(true)
		}
	}
	diags.Sort()
	return diags
}
