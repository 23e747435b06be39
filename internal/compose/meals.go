package compose

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"daybreak/internal/config"
	"daybreak/internal/model"
)

// everybodyOrders stands in `rolls` for all people of daybreak.yaml.
const everybodyOrders = "people"

// nothing is what a person writes who wants no roll, or no pizza.
const nothing = "none"

// meals counts what those want who order: the names of the runbook's `rolls`, or
// all people. What one of them wants stands with the people of daybreak.yaml.
func meals(c *config.Config, names []string) model.Meals {
	var m model.Meals
	if len(names) == 1 && names[0] == everybodyOrders {
		names = nil
		for _, p := range c.People {
			names = append(names, p.Name)
		}
	}
	for _, name := range names {
		order := model.Order{Name: name}
		if p := personOf(c, name); p != nil {
			order = model.Order{Name: p.Name, Roll: p.Roll, Pizza: p.Pizza}
		}
		m.Orders = append(m.Orders, order)
	}
	pizzas := map[string]int{}
	for _, o := range m.Orders {
		switch o.Roll {
		case "sweet":
			m.Sweet++
		case "savoury":
			m.Savoury++
		case nothing:
			m.NoRoll++
		}
		switch o.Pizza {
		case "":
		case nothing:
			m.NoPizza++
		default:
			pizzas[sameKind(pizzas, o.Pizza)]++
		}
	}
	m.Rolls = m.Sweet+m.Savoury+m.NoRoll > 0
	for kind, n := range pizzas {
		m.Pizzas = append(m.Pizzas, model.Portion{Kind: kind, Count: n})
	}
	slices.SortFunc(m.Pizzas, func(a, b model.Portion) int { return cmp.Compare(strings.ToLower(a.Kind), strings.ToLower(b.Kind)) })
	return m
}

// sameKind gives a pizza the name that it has already: who writes it in small
// letters wants the same one.
func sameKind(known map[string]int, kind string) string {
	for k := range known {
		if strings.EqualFold(k, kind) {
			return k
		}
	}
	return kind
}

// mealFacts are the sums by the placeholders of `order`; those of which nobody
// said anything are blanks to fill in.
func mealFacts(m model.Meals) map[string]string {
	const line = "____"
	facts := map[string]string{"sweet": line, "savoury": line, "no_roll": line, "pizzas": line, "no_pizza": line}
	if m.Rolls {
		facts["sweet"], facts["savoury"], facts["no_roll"] = fmt.Sprint(m.Sweet), fmt.Sprint(m.Savoury), fmt.Sprint(m.NoRoll)
	}
	if len(m.Pizzas)+m.NoPizza > 0 {
		var kinds []string
		for _, p := range m.Pizzas {
			kinds = append(kinds, fmt.Sprintf("%s %d", sheetText(p.Kind), p.Count))
		}
		facts["pizzas"], facts["no_pizza"] = strings.Join(kinds, " · "), fmt.Sprint(m.NoPizza)
	}
	return facts
}

// order expands what a break has to read out, "" where nobody said what they want
// of what it speaks of.
func (b *runbookBuilder) order(s *dayStep) string {
	rolls := strings.Contains(s.order, "{sweet}") || strings.Contains(s.order, "{savoury}") || strings.Contains(s.order, "{no_roll}")
	pizzas := strings.Contains(s.order, "{pizzas}") || strings.Contains(s.order, "{no_pizza}")
	if (rolls || pizzas) && !(rolls && b.meals.Rolls) && !(pizzas && len(b.meals.Pizzas)+b.meals.NoPizza > 0) {
		return ""
	}
	return b.expand(s.source, s.order)
}
