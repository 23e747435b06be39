package theme

import (
	"fmt"
	"strings"

	"github.com/lucasb-eyer/go-colorful"
)

// MinContrast is what WCAG 2.2 asks for between text and its ground
// (https://www.w3.org/TR/WCAG22/#contrast-minimum).
const MinContrast = 4.5

// Contrast gives the contrast ratio of two colours, 1 to 21, as WCAG defines it.
func Contrast(a, b colorful.Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(c colorful.Color) float64 {
	r, g, b := c.LinearRgb()
	return 0.2126*r + 0.7152*g + 0.0722*b
}

// Readable gives the colour nearest to c in which text can be read on all of
// the grounds: it keeps the hue and moves the lightness, in the OKLCH space,
// away from the grounds until the contrast is at least MinContrast. A colour
// that can be read already stays as it is.
func Readable(c colorful.Color, grounds ...colorful.Color) colorful.Color {
	if readable(c, grounds) {
		return c
	}
	step := -0.005
	if luminance(grounds[0]) < 0.18 { // a dark ground: only lighter text helps
		step = 0.005
	}
	lightness, chroma, hue := c.OkLch()
	for l := lightness; l >= 0 && l <= 1; l += step {
		if candidate := inGamut(l, chroma, hue); readable(candidate, grounds) {
			return candidate
		}
	}
	if step < 0 {
		return colorful.Color{}
	}
	return colorful.Color{R: 1, G: 1, B: 1}
}

func readable(c colorful.Color, grounds []colorful.Color) bool {
	for _, g := range grounds {
		if Contrast(c, g) < MinContrast {
			return false
		}
	}
	return true
}

// inGamut lowers the chroma until the colour exists in sRGB, and rounds it to
// what eight bits can say: contrast is measured on what the page will show.
func inGamut(lightness, chroma, hue float64) colorful.Color {
	c := colorful.OkLch(lightness, chroma, hue)
	for range 60 {
		if c.IsValid() {
			break
		}
		chroma *= 0.95
		c = colorful.OkLch(lightness, chroma, hue)
	}
	return rounded(c)
}

func rounded(c colorful.Color) colorful.Color {
	r, g, b := c.Clamped().RGB255()
	return colorful.Color{R: float64(r) / 255, G: float64(g) / 255, B: float64(b) / 255}
}

// colours parses one scheme of a palette and computes the accent's and the
// kinds' variants for it.
func (s scheme) colours(accent string) ([]property, error) {
	ground, err := colour(s.Colours["ground"])
	if err != nil {
		return nil, fmt.Errorf(`colour "ground": %w`, err)
	}
	surface, err := colour(s.Colours["surface"])
	if err != nil {
		return nil, fmt.Errorf(`colour "surface": %w`, err)
	}
	brand, err := colour(accent)
	if err != nil {
		return nil, fmt.Errorf("accent: %w", err)
	}
	var out []property
	for name, value := range s.Colours {
		if _, err := colour(value); err != nil {
			return nil, fmt.Errorf("colour %q: %w", name, err)
		}
		out = append(out, property{name, value})
	}
	variants := func(name string, c colorful.Color) {
		soft := rounded(ground.BlendOkLab(c, s.Tint))
		strong := Readable(c, ground, surface, soft)
		on := colorful.Color{R: 1, G: 1, B: 1}
		if Contrast(on, strong) < Contrast(colorful.Color{}, strong) {
			on = colorful.Color{}
		}
		out = append(out, property{name, strong.Hex()}, property{name + "-soft", soft.Hex()}, property{"on-" + name, on.Hex()})
	}
	variants("accent", brand)
	for name, value := range s.Kinds {
		c, err := colour(value)
		if err != nil {
			return nil, fmt.Errorf("colour of kind %q: %w", name, err)
		}
		variants(name, c)
	}
	return out, nil
}

func colour(hex string) (colorful.Color, error) {
	if !strings.HasPrefix(hex, "#") || len(hex) != 7 && len(hex) != 4 {
		return colorful.Color{}, fmt.Errorf("%q is no colour of the form #rrggbb", hex)
	}
	c, err := colorful.Hex(hex)
	if err != nil {
		return colorful.Color{}, fmt.Errorf("%q is no colour of the form #rrggbb", hex)
	}
	return c, nil
}
