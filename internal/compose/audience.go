package compose

import (
	"slices"
	"strings"

	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// classifyAudience takes the Audience and Systems trailers over what the kind says.
func classifyAudience(c *config.Config, ch *model.Change, list *diag.List) {
	if ch.Audience.Scope == "" {
		ch.Audience.Scope = model.AudiencePublic
	}
	// Where commits of one change name several, the narrowest holds.
	internal := false
	for _, v := range trailer(c, ch, "Audience") {
		switch scope := audienceScope(v); {
		case scope == model.AudienceInternal:
			internal = true
		case scope != model.AudiencePublic:
			addSystems(c, ch, "Audience", v, list)
		case ch.Audience.Scope != model.AudienceSystems:
			ch.Audience.Scope = model.AudiencePublic
		}
	}
	if internal {
		ch.Audience.Scope = model.AudienceInternal
	}
	if ch.Audience.Scope != model.AudienceInternal {
		for _, v := range trailer(c, ch, "Systems") {
			addSystems(c, ch, "Systems", v, list)
		}
	}
	ch.Audience.Systems = unique(ch.Audience.Systems)
}

// AudienceFrom says what names a change's audience, "" where nothing does: then its
// kind decides, and what isn't internal is everybody's.
func AudienceFrom(c *config.Config, ch *model.Change) string {
	if ch.KindFrom.Code == "draft" { // who writes of it in a draft tells it everybody
		return ch.KindFrom.String()
	}
	var from []string
	for _, key := range []string{"Audience", "Systems"} {
		if key == "Systems" && ch.Audience.Scope == model.AudienceInternal {
			continue // told to nobody, whatever systems it names
		}
		if len(trailer(c, ch, key)) > 0 {
			from = append(from, saidBy(ch, key).String())
		}
	}
	return strings.Join(unique(from), " and ")
}

// audienceScope reads the words for everybody and for nobody, "" for any other.
func audienceScope(v string) model.AudienceScope {
	switch strings.ToLower(strings.TrimSpace(v)) {
	case "public", "customers", "all", "öffentlich", "kunden":
		return model.AudiencePublic
	case "internal", "team", "none", "intern":
		return model.AudienceInternal
	}
	return ""
}

// addSystems narrows the audience to systems. A name that isn't known narrows
// too: to tell everyone because of a typing error would be the wrong side to err on.
func addSystems(c *config.Config, ch *model.Change, key, value string, list *diag.List) {
	ch.Audience.Scope = model.AudienceSystems
	for _, name := range splitList(value) {
		i := slices.IndexFunc(c.Systems, func(s config.System) bool {
			same := func(n string) bool { return strings.EqualFold(n, name) }
			return same(s.ID) || same(s.Name) || slices.ContainsFunc(s.Also, same)
		})
		if i < 0 {
			list.Add(trailerProblem(ch, key, diag.Say("%q is no system", name),
				diag.Say("it is told to none but the systems that are named rightly; add it to `systems` in daybreak.yaml, or name it there under `also`.")))
			continue
		}
		ch.Audience.Systems = append(ch.Audience.Systems, c.Systems[i].ID)
	}
}
