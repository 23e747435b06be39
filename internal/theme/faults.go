package theme

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"daybreak/internal/diag"

	"github.com/tdewolff/parse/v2"
	csslexer "github.com/tdewolff/parse/v2/css"
)

// hintLook is what helps whoever broke a file of the look.
const hintLook = "`daybreak theme diff` shows how your copy differs from what ships; delete it to have that back."

// spot is a line and a column, from 1; 0 where it isn't known.
type spot struct{ line, column int }

// fault is a mistake in a file of the theme, under the path that it has in a
// workspace.
func (o Options) fault(name string, at spot, code, message string) error {
	theme := o.Name
	if theme == "" {
		theme = "default"
	}
	if _, err := fs.Stat(o.Theme, name); err != nil && o.Base != nil {
		theme = "default"
	}
	return fault("themes/"+theme+"/"+name, at, code, message, hintLook)
}

func fault(file string, at spot, code, message, hint string) error {
	return (diag.List{{
		Severity: diag.Error, Code: code, Position: diag.Position{File: file, Line: at.line, Column: at.column},
		Message: message, Hint: hint,
	}}).Err()
}

// templateError is how text/template and html/template say where: the file, the
// line, and for most mistakes the column, counted from 0.
var templateError = regexp.MustCompile(`(?s)^(?:html/)?template: ?([^:\s]+):(\d+)(?::(\d+))?: (.*)$`)

// templateFault gives an error of a template its position; other is the error
// where err says none.
func templateFault(err, other error) error {
	m := templateError.FindStringSubmatch(err.Error())
	if m == nil {
		return other
	}
	at := templatePosition(m[1] + ":" + m[2] + ":" + m[3])
	return fault(at.File, spot{at.Line, at.Column}, "template", m[4], hintLook)
}

// templatePosition reads "public/index.html:12:5".
func templatePosition(location string) diag.Position {
	parts := strings.SplitN(location, ":", 3)
	p := diag.Position{File: "templates/" + parts[0]}
	if len(parts) > 1 {
		p.Line, _ = strconv.Atoi(parts[1])
	}
	if len(parts) > 2 {
		if column, err := strconv.Atoi(parts[2]); err == nil {
			p.Column = column + 1
		}
	}
	return p
}

// minifierPlace is where a style sheet or script can't be read.
func minifierPlace(err error) spot {
	var e *parse.Error
	if errors.As(err, &e) {
		return spot{e.Line, e.Column}
	}
	return spot{}
}

// jsonPlace is where a JSON text can't be read.
func jsonPlace(text string, err error) spot {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return place(text, int(syntax.Offset)-1)
	case errors.As(err, &kind):
		return place(text, int(kind.Offset)-1)
	}
	if _, name, ok := strings.Cut(err.Error(), "unknown field "); ok {
		return place(text, strings.Index(text, name))
	}
	return spot{}
}

// colourPlace finds the first value that the message quotes.
func colourPlace(text string, err error) spot {
	for _, quoted := range regexp.MustCompile(`"[^"]*" is no colour`).FindAllString(err.Error(), 1) {
		return place(text, strings.Index(text, strings.TrimSuffix(quoted, " is no colour")))
	}
	return spot{}
}

func place(text string, offset int) spot {
	if offset < 0 || offset > len(text) {
		return spot{}
	}
	before := text[:offset]
	start := strings.LastIndexByte(before, '\n') + 1
	return spot{strings.Count(before, "\n") + 1, utf8.RuneCountInString(before[start:]) + 1}
}

// imported is the one import that a style sheet can have: a page requests
// nothing, so what it names is put in its place.
var imported = regexp.MustCompile(`(?m)^@import "\.\./default/([\w.-]+)";[ \t]*$`)

// sheet puts the base's style sheets in the place of their imports, and refuses
// what would silently spoil the rules that follow.
func (o Options) sheet(name string, data []byte) ([]byte, error) {
	text := string(data)
	var wrong error
	out := imported.ReplaceAllStringFunc(text, func(line string) string {
		from := imported.FindStringSubmatch(line)[1]
		base := o.Base
		if base == nil {
			base = o.Theme
		}
		sheet, err := fs.ReadFile(base, from)
		if err != nil {
			wrong = o.fault(name, place(text, strings.Index(text, line)), "import", fmt.Sprintf("there is no %q to import", "../default/"+from))
		}
		return string(sheet)
	})
	if wrong != nil {
		return nil, wrong
	}
	depth := 0
	lexer := csslexer.NewLexer(parse.NewInputString(text))
	for offset := 0; ; {
		kind, token := lexer.Next()
		switch kind {
		case csslexer.ErrorToken:
			if depth > 0 {
				return nil, o.fault(name, place(text, len(text)), "style-or-script", "a { is never closed")
			}
			return []byte(out), nil
		case csslexer.LeftBraceToken:
			depth++
		case csslexer.RightBraceToken:
			if depth--; depth < 0 {
				return nil, o.fault(name, place(text, offset), "style-or-script", "a } closes nothing")
			}
		case csslexer.AtKeywordToken:
			if strings.EqualFold(string(token), "@import") && !imported.MatchString(lineAt(text, offset)) {
				return nil, o.fault(name, place(text, offset), "import", `a page requests nothing: only @import "../default/<file>.css"; on a line of its own is put in its place`)
			}
		}
		offset += len(token)
	}
}

// lineAt is the line that begins at offset.
func lineAt(text string, offset int) string {
	line, _, _ := strings.Cut(text[offset:], "\n")
	if offset > 0 && text[offset-1] != '\n' {
		return "" // it stands behind something
	}
	return strings.TrimSuffix(line, "\r")
}
