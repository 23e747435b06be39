package site

import (
	"bytes"
	"image/color"
	"image/png"
	"os"
	"strings"
	"testing"
)

var sampleCard = Card{
	Product: "Kurswagen", What: "Neuerungen", Headline: "Umbuchen ohne Anruf", Label: "Version 2026.15.0", About: "3. November 2026 · 4 neu · 4 verbessert · 4 behoben",
	Accent: color.RGBA{0x0f, 0x5c, 0x5c, 0xff}, OnAccent: color.RGBA{0xff, 0xff, 0xff, 0xff},
}

func TestCards(t *testing.T) {
	pen, err := newCardPen()
	if err != nil {
		t.Fatal(err)
	}
	first, err := pen.draw(sampleCard)
	if err != nil {
		t.Fatal(err)
	}
	if file := os.Getenv("DAYBREAK_CARD"); file != "" {
		if err := os.WriteFile(file, first, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	fresh, err := newCardPen()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []Card{
		{}, {Product: "旅行", Headline: "予約の変更", Label: "バージョン 3", About: "東京"},
		{Product: strings.Repeat("Lang", 100), What: strings.Repeat("x", 300), Headline: strings.Repeat("Donaudampfschifffahrtsgesellschaft", 9), Label: strings.Repeat("9.", 90), About: strings.Repeat("und mehr ", 50)},
		{Product: "\u0301", Headline: strings.Repeat("viele kurze Wörter ", 40)},
	} {
		data, err := fresh.draw(c)
		if err != nil {
			t.Fatalf("%q: %v", c.Headline, err)
		}
		if picture, err := png.Decode(bytes.NewReader(data)); err != nil || picture.Bounds().Dx() != 1200 || picture.Bounds().Dy() != 630 {
			t.Errorf("%q: %v", c.Headline, err)
		}
	}
	again, err := fresh.draw(sampleCard) // whatever was drawn before
	if err != nil || !bytes.Equal(first, again) {
		t.Errorf("the same card has other bytes: %v", err)
	}
}

func BenchmarkCard(b *testing.B) {
	pen, err := newCardPen()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := pen.draw(sampleCard); err != nil {
			b.Fatal(err)
		}
	}
}
