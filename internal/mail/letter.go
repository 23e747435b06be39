package mail

import (
	"strings"
	"unicode/utf8"

	"daybreak/internal/model"
)

// Letter is what the template of a mail's HTML alternative gets: the very text
// of the mail, taken apart.
type Letter struct {
	Lang    model.Lang
	Subject string
	Product string
	Accent  string // "#rrggbb", "" for the theme's own
	Blocks  []Block
}

// BlockKind says what a part of a mail's body is.
type BlockKind string

// The kinds of blocks.
const (
	Heading   BlockKind = "heading"
	Paragraph BlockKind = "paragraph"
	List      BlockKind = "list"
	Link      BlockKind = "link" // a bare address on its own line
	Signature BlockKind = "signature"
)

// Block is one part of a mail's body.
type Block struct {
	Kind  BlockKind
	Text  string   // of all kinds but lists
	Lines []string // of a list or signature
	Close bool     // the next block belongs to it: there is no empty line between
}

// Blocks takes a mail-ready body apart.
func Blocks(body string) []Block {
	var out []Block
	lines := strings.Split(strings.TrimSuffix(body, "\n"), "\n")
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		last := len(out) - 1
		switch {
		case line == "-- ":
			return append(out, Block{Kind: Signature, Lines: lines[i+1:]})
		case strings.TrimSpace(line) == "":
			continue
		case i+1 < len(lines) && isUnderline(line, lines[i+1]):
			out = append(out, Block{Kind: Heading, Text: line, Close: true})
			i++
		case strings.HasPrefix(line, "- ") && last >= 0 && out[last].Kind == List && lines[i-1] != "":
			out[last].Lines = append(out[last].Lines, line[2:])
		case strings.HasPrefix(line, "- "):
			out = append(out, Block{Kind: List, Lines: []string{line[2:]}})
		case isAddress(line):
			out = append(out, Block{Kind: Link, Text: line})
		default:
			out = append(out, Block{Kind: Paragraph, Text: line, Close: i+1 < len(lines) && (isAddress(lines[i+1]) || lines[i+1] == "-- ")})
		}
	}
	return out
}

// isUnderline reports whether the second line underlines the first.
func isUnderline(text, line string) bool {
	return line != "" && strings.Trim(line, "-") == "" && utf8.RuneCountInString(text) == len(line)
}

// isAddress reports whether a line is nothing but a web address.
func isAddress(line string) bool {
	return (strings.HasPrefix(line, "https://") || strings.HasPrefix(line, "http://")) && !strings.Contains(line, " ")
}
