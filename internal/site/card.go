package site

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Card is the picture that other sites show where somebody links to a page, as
// https://ogp.me says: 1200 × 630 pixels.
type Card struct {
	Product  string
	What     string // "What's new", "All changes"
	Headline string // what it is about, in up to three lines
	Label    string // "Version 2026.14.0", "" for none
	About    string // one small line: the date, how much is new
	Accent   color.RGBA
	OnAccent color.RGBA
}

const (
	cardWidth, cardHeight = 1200, 630
	cardMargin            = 84
)

// The layers of a card: each is a colour on a ground, in sixteen steps, so that
// letters have soft edges and the picture needs few colours.
const (
	layerInk = iota
	layerMuted
	layerAccent
	layerOnAccent
	layers
)

// cardPen draws cards. It keeps the letters that it has drawn: a thousand
// releases use the same hundred.
type cardPen struct {
	regular, bold *sfnt.Font
	letters       map[letterKey]*letter
	faces         map[faceKey]font.Face
	pixels        []byte
}

type faceKey struct {
	bold bool
	size int // pixels
}

type letterKey struct {
	faceKey
	r rune
}

// letter is one drawn letter: how far it moves the pen on, and its shades from 0
// to 15 in a box that begins at dx, dy from the pen.
type letter struct {
	advance      fixed.Int26_6
	dx, dy, w, h int
	shades       []byte
}

func newCardPen() (*cardPen, error) {
	p := &cardPen{letters: map[letterKey]*letter{}, faces: map[faceKey]font.Face{}, pixels: make([]byte, cardWidth*cardHeight)}
	var err error
	if p.regular, err = opentype.Parse(goregular.TTF); err != nil {
		return nil, fmt.Errorf("reading the cards' font: %w", err)
	}
	if p.bold, err = opentype.Parse(gobold.TTF); err != nil {
		return nil, fmt.Errorf("reading the cards' font: %w", err)
	}
	return p, nil
}

// draw gives a card as PNG: the same card, the same bytes.
func (p *cardPen) draw(c Card) ([]byte, error) {
	clear(p.pixels)
	p.box(0, 0, cardWidth, 20, layerAccent)
	initial := []rune(strings.ToUpper(strings.TrimSpace(c.Product)) + "•")[0]
	if !p.knows(string(initial)) {
		initial = '•'
	}
	const tile = 64
	p.box(cardMargin, 84, tile, tile, layerAccent)
	p.centre(string(initial), cardMargin+tile/2, 84+46, faceKey{true, 40}, layerOnAccent)
	x := p.text(p.fitting(c.Product, faceKey{true, 38}, 600), cardMargin+tile+24, 84+45, faceKey{true, 38}, layerInk)
	p.text(p.fitting(c.What, faceKey{false, 38}, cardWidth-cardMargin-x-14), x+14, 84+45, faceKey{false, 38}, layerMuted)

	if p.knows(c.Headline) {
		for _, size := range []int{84, 72, 62, 52} {
			lines := p.lines(c.Headline, faceKey{true, size}, cardWidth-2*cardMargin)
			if len(lines) > 3 && size > 52 || len(lines) > 2 && size > 72 {
				continue
			}
			lines = lines[:min(len(lines), 3)]
			step := size * 118 / 100
			y := 345 - (len(lines)-1)*step/2 + size/3
			for i, line := range lines {
				p.text(line, cardMargin, y+i*step, faceKey{true, size}, layerInk)
			}
			break
		}
	}

	y := cardHeight - 84
	x = cardMargin
	if c.Label != "" {
		label := p.fitting(c.Label, faceKey{true, 34}, 700)
		width := p.width(label, faceKey{true, 34})
		p.box(x, y-48, width+48, 66, layerAccent)
		p.text(label, x+24, y-3, faceKey{true, 34}, layerOnAccent)
		x += width + 48 + 28
	}
	p.text(p.fitting(c.About, faceKey{false, 32}, cardWidth-cardMargin-x), x, y-4, faceKey{false, 32}, layerMuted)
	return p.encode(c)
}

func (p *cardPen) encode(c Card) ([]byte, error) {
	ground := color.RGBA{0xfd, 0xfc, 0xfa, 0xff}
	var palette color.Palette
	for _, l := range [layers]struct{ from, to color.RGBA }{
		layerInk: {ground, color.RGBA{0x1c, 0x1a, 0x17, 0xff}}, layerMuted: {ground, color.RGBA{0x69, 0x63, 0x5b, 0xff}},
		layerAccent: {ground, c.Accent}, layerOnAccent: {c.Accent, c.OnAccent},
	} {
		for i := range 16 {
			mix := func(a, b uint8) uint8 { return uint8((int(a)*(15-i) + int(b)*i) / 15) }
			palette = append(palette, color.RGBA{mix(l.from.R, l.to.R), mix(l.from.G, l.to.G), mix(l.from.B, l.to.B), 0xff})
		}
	}
	picture := &image.Paletted{Pix: p.pixels, Stride: cardWidth, Rect: image.Rect(0, 0, cardWidth, cardHeight), Palette: palette}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, picture); err != nil {
		return nil, fmt.Errorf("drawing a card: %w", err)
	}
	return out.Bytes(), nil
}

func (p *cardPen) box(x, y, width, height, layer int) {
	for row := y; row < y+height; row++ {
		line := p.pixels[row*cardWidth+x : row*cardWidth+x+width]
		for i := range line {
			line[i] = byte(layer*16 + 15)
		}
	}
}

// text draws a line with its base at y and gives where the pen ends.
func (p *cardPen) text(s string, x, y int, f faceKey, layer int) int {
	pen := fixed.I(x)
	for _, r := range s {
		l := p.letter(r, f)
		left := pen.Round() + l.dx
		for row := range l.h {
			for col, shade := range l.shades[row*l.w : (row+1)*l.w] {
				px, py := left+col, y+l.dy+row
				if shade == 0 || px < 0 || px >= cardWidth || py < 0 || py >= cardHeight {
					continue
				}
				at := &p.pixels[py*cardWidth+px]
				if now := byte(layer*16) + shade; *at>>4 != byte(layer) || *at < now {
					*at = now
				}
			}
		}
		pen += l.advance
	}
	return pen.Ceil()
}

func (p *cardPen) centre(s string, x, y int, f faceKey, layer int) {
	p.text(s, x-p.width(s, f)/2, y, f, layer)
}

func (p *cardPen) width(s string, f faceKey) int {
	var sum fixed.Int26_6
	for _, r := range s {
		sum += p.letter(r, f).advance
	}
	return sum.Ceil()
}

// fitting shortens a text to a width.
func (p *cardPen) fitting(s string, f faceKey, width int) string {
	if !p.knows(s) {
		return ""
	}
	for limit := len([]rune(s)); limit > 1; limit-- {
		if short := shorten(s, limit); p.width(short, f) <= width {
			return short
		}
	}
	return ""
}

// lines breaks a text at its blanks; a word that is wider than a line is shortened.
func (p *cardPen) lines(s string, f faceKey, width int) []string {
	var out []string
	for _, word := range strings.Fields(s) {
		word = p.fitting(word, f, width)
		if last := len(out) - 1; last >= 0 && p.width(out[last]+" "+word, f) <= width {
			out[last] += " " + word
		} else {
			out = append(out, word)
		}
	}
	if len(out) > 3 {
		out[2] = p.fitting(strings.Join(out[2:], " "), f, width)
	}
	return out
}

// knows reports whether the fonts have every letter of a text.
func (p *cardPen) knows(s string) bool {
	var b sfnt.Buffer
	for _, r := range s {
		if i, err := p.bold.GlyphIndex(&b, r); err != nil || i == 0 && !unicode.IsSpace(r) {
			return false
		}
	}
	return true
}

func (p *cardPen) letter(r rune, f faceKey) *letter {
	key := letterKey{f, r}
	if have := p.letters[key]; have != nil {
		return have
	}
	face := p.faces[f]
	if face == nil {
		source := p.regular
		if f.bold {
			source = p.bold
		}
		// The options are constants that NewFace takes; it fails on no others.
		face, _ = opentype.NewFace(source, &opentype.FaceOptions{Size: float64(f.size), DPI: 72, Hinting: font.HintingNone})
		p.faces[f] = face
	}
	l := &letter{}
	box, mask, at, advance, ok := face.Glyph(fixed.Point26_6{}, r)
	if ok {
		*l = letter{advance: advance, dx: box.Min.X, dy: box.Min.Y, w: box.Dx(), h: box.Dy()}
		for y := range l.h {
			for x := range l.w {
				_, _, _, alpha := mask.At(at.X+x, at.Y+y).RGBA()
				l.shades = append(l.shades, byte(alpha>>12))
			}
		}
	}
	p.letters[key] = l
	return l
}
