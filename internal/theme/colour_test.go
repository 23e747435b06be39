package theme

import (
	"io/fs"
	"testing"

	"daybreak/themes"

	"github.com/lucasb-eyer/go-colorful"
)

func TestContrast(t *testing.T) {
	black, white := colorful.Color{}, colorful.Color{R: 1, G: 1, B: 1}
	if got := Contrast(black, white); got < 20.99 || got > 21.01 {
		t.Errorf("black on white is %.2f, want 21", got)
	}
	grey, _ := colorful.Hex("#767676") // the lightest grey that passes on white, by common knowledge
	if got := Contrast(grey, white); got < 4.5 || got > 4.6 {
		t.Errorf("#767676 on white is %.2f, want 4.54", got)
	}
}

// Whatever accent a brand has, its text can be read on both schemes' grounds.
func TestEveryAccentIsReadable(t *testing.T) {
	base, err := fs.Sub(themes.FS, "default")
	if err != nil {
		t.Fatal(err)
	}
	shipped, err := fs.ReadDir(themes.FS, ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range shipped {
		own, err := fs.Sub(themes.FS, dir.Name())
		if err != nil {
			t.Fatal(err)
		}
		l, err := loadLooks(Options{Name: dir.Name(), Theme: own, Base: base}, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(dir.Name(), func(t *testing.T) { everyAccent(t, l) })
	}
}

func everyAccent(t *testing.T, l *looks) {
	accents := []string{""}
	for hue := 0.0; hue < 360; hue += 24 {
		for _, lightness := range []float64{0, 0.1, 0.35, 0.6, 0.85, 1} {
			accents = append(accents, colorful.Hsl(hue, 0.9, lightness).Clamped().Hex())
		}
	}
	for _, s := range []scheme{l.palette.Light, l.palette.Dark} {
		for _, accent := range accents {
			if accent == "" {
				accent = l.palette.Accent
			}
			properties, err := s.colours(accent)
			if err != nil {
				t.Fatal(err)
			}
			c := map[string]colorful.Color{}
			for _, p := range properties {
				if c[p.name], err = colour(p.value); err != nil {
					t.Fatal(err)
				}
			}
			pairs := [][2]string{{"accent", "accent-soft"}, {"on-accent", "accent"}, {"ink", "accent-soft"}}
			texts := []string{"accent", "ink", "soft", "muted"}
			for _, link := range []string{"link", "visited"} { // where links have colours of their own
				if s.Colours[link] != "" {
					texts = append(texts, link)
				}
			}
			for _, text := range texts {
				pairs = append(pairs, [2]string{text, "ground"}, [2]string{text, "surface"})
			}
			for kind := range s.Kinds {
				pairs = append(pairs, [2]string{kind, "ground"}, [2]string{kind, "surface"}, [2]string{kind, kind + "-soft"}, [2]string{"ink", kind + "-soft"}, [2]string{"soft", kind + "-soft"})
			}
			for _, p := range pairs {
				if got := Contrast(c[p[0]], c[p[1]]); got < MinContrast {
					t.Errorf("accent %s: %s %s on %s %s is %.2f", accent, p[0], c[p[0]].Hex(), p[1], c[p[1]].Hex(), got)
				}
			}
		}
	}
}

// In a mail the accent stands on whatever ground the reader's program has.
func TestEveryInkIsReadable(t *testing.T) {
	l := &looks{}
	for hue := 0.0; hue < 360; hue += 24 {
		for _, lightness := range []float64{0, 0.1, 0.35, 0.6, 0.85, 1} {
			accent := colorful.Hsl(hue, 0.9, lightness).Clamped().Hex()
			ink, err := l.ink(accent)
			if err != nil {
				t.Fatal(err)
			}
			for text, grounds := range map[string][]string{ink.Light: {"#ffffff"}, ink.Dark: {"#000000", "#121212", "#292929"}} {
				for _, ground := range grounds {
					a, _ := colorful.Hex(text)
					b, _ := colorful.Hex(ground)
					if got := Contrast(a, b); got < MinContrast {
						t.Errorf("accent %s: %s on %s is %.2f", accent, text, ground, got)
					}
				}
			}
		}
	}
}

func TestReadableLeavesGoodColoursAlone(t *testing.T) {
	ground, _ := colorful.Hex("#ffffff")
	good, _ := colorful.Hex("#0550ae")
	if got := Readable(good, ground); got != good {
		t.Errorf("%s became %s", good.Hex(), got.Hex())
	}
}
