package fragment

import (
	"regexp"
	"strings"
)

// The part of reStructuredText that notes are written in
// (https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html).
var (
	rstLiteral = regexp.MustCompile("``([^`](?:.|\n)*?)``")
	rstLink    = regexp.MustCompile("`([^`<>]+?)\\s*<([^`<>\\s]+)>`__?")
	rstRole    = regexp.MustCompile(":[A-Za-z][\\w:+.-]*:`([^`]+)`")
	rstRef     = regexp.MustCompile("`([^`]+)`__?(\\W|$)")
	rstBare    = regexp.MustCompile("(^|[\\s(\\[])`([^`\n]+)`")
	rstRoleRef = regexp.MustCompile(`^[~!]?(.*?)\s*<([^<>]+)>$`)
	rstNamed   = regexp.MustCompile("(?m)^\\.\\. _`?([^:\n`]+)`?:[ \t]*(.*)\n?")
	rstAlias   = regexp.MustCompile("`([^`<>]+?)\\s*<([^`<>]+)_>`__?")
	rstBlock   = regexp.MustCompile(`^\.\. ([\w-]+(?::[\w-]+)*)::\s*(.*)$`)
)

// Markdown makes markdown of the part of reStructuredText that note files use:
// literals, links, roles, headings, admonitions, code blocks, comments. Lists,
// emphasis and paragraphs are the same in both.
func Markdown(rst string) string {
	return strings.TrimSpace(prose(structure(targets(rst))))
}

// structure converts blocks and leaves the marks inside lines as they are.
func structure(rst string) []string {
	lines := strings.Split(strings.ReplaceAll(rst, "\t", "        "), "\n")
	var out []string
	for i := 0; i < len(lines); i++ {
		line := strings.TrimRight(lines[i], " ")
		bare := strings.TrimLeft(line, " ")
		indent := len(line) - len(bare)
		if mark := headingMark(lines, i); mark > 0 {
			out = append(out, strings.Repeat("#", mark)+" "+bare)
			i++
			continue
		}
		if m := rstBlock.FindStringSubmatch(bare); m != nil {
			next := blockEnd(lines, i+1, indent)
			out = block(out, directive(m[1], m[2], lines[i+1:next], indent))
			i = next - 1
			continue
		}
		if bare == ".." || strings.HasPrefix(bare, ".. ") { // a comment
			i = blockEnd(lines, i+1, indent) - 1
			continue
		}
		if !strings.HasSuffix(bare, "::") {
			out = append(out, line)
			continue
		}
		// A literal block follows; the colon stays where there was text.
		if text := strings.TrimSuffix(line, "::"); strings.TrimSpace(text) != "" {
			out = append(out, strings.TrimRight(text, " ")+":")
		}
		next := blockEnd(lines, i+1, indent)
		out = block(out, fenced("", lines[i+1:next], indent))
		i = next - 1
	}
	return out
}

// block puts a block behind an empty line.
func block(out, lines []string) []string {
	if len(lines) > 0 && len(out) > 0 && out[len(out)-1] != "" {
		out = append(out, "")
	}
	return append(out, lines...)
}

// targets takes the named targets out and puts their addresses to the links
// that name them.
func targets(rst string) string {
	address := map[string]string{}
	name := func(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }
	for _, m := range rstNamed.FindAllStringSubmatch(rst, -1) {
		if to := strings.TrimSpace(m[2]); to != "" && !strings.ContainsAny(to, " <>`") {
			address[name(m[1])] = to
		}
	}
	rst = rstNamed.ReplaceAllString(rst, "")
	rst = rstAlias.ReplaceAllStringFunc(rst, func(s string) string {
		m := rstAlias.FindStringSubmatch(s)
		if to := address[name(m[2])]; to != "" {
			return "`" + m[1] + " <" + to + ">`_"
		}
		return m[1]
	})
	if len(address) == 0 {
		return rst
	}
	return rstRef.ReplaceAllStringFunc(rst, func(s string) string {
		m := rstRef.FindStringSubmatch(s)
		if to := address[name(m[1])]; to != "" {
			return "`" + m[1] + " <" + to + ">`_" + m[2]
		}
		return s
	})
}

// headingMark gives the level of a heading at line i, 0 where there is none.
func headingMark(lines []string, i int) int {
	if i+1 >= len(lines) {
		return 0
	}
	text, rule := strings.TrimRight(lines[i], " "), strings.TrimRight(lines[i+1], " ")
	if text == "" || text[0] == ' ' || len(rule) < 3 || strings.Trim(rule, rule[:1]) != "" || !strings.Contains("=-~^\"'`#*+.:_", rule[:1]) || len(rule) < len([]rune(text))-2 {
		return 0
	}
	switch rule[0] {
	case '=':
		return 1
	case '-':
		return 2
	}
	return 3
}

// blockEnd gives the line at which what is indented deeper than indent ends.
func blockEnd(lines []string, from, indent int) int {
	end := from
	for i := from; i < len(lines); i++ {
		bare := strings.TrimLeft(lines[i], " ")
		if bare == "" {
			continue
		}
		if len(lines[i])-len(bare) <= indent {
			break
		}
		end = i + 1
	}
	return end
}

// directive makes markdown of a directive's block.
func directive(name, arg string, block []string, indent int) []string {
	pad := strings.Repeat(" ", indent)
	switch name {
	case "code-block", "code", "sourcecode", "literalinclude", "console", "parsed-literal":
		return fenced(arg, block, indent)
	case "image", "figure", "include", "toctree", "contents", "highlight":
		return nil // it names what isn't here
	}
	// note, warning, versionadded …: their text is what counts.
	text := strings.TrimSpace(strings.Join(structure(strings.Join(append([]string{arg}, dedent(block)...), "\n")), "\n"))
	if text == "" {
		return nil
	}
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		out = append(out, pad+"> "+line)
	}
	return out
}

func fenced(lang string, block []string, indent int) []string {
	pad := strings.Repeat(" ", indent)
	text := strings.Trim(strings.Join(dedent(block), "\n"), "\n")
	for strings.HasPrefix(text, ":") { // options of the directive
		_, text, _ = strings.Cut(text, "\n")
		text = strings.TrimLeft(text, "\n")
	}
	if text == "" {
		return nil
	}
	out := []string{pad + "```" + lang}
	for line := range strings.SplitSeq(text, "\n") {
		out = append(out, strings.TrimRight(pad+line, " "))
	}
	return append(out, pad+"```")
}

func dedent(block []string) []string {
	least := -1
	for _, line := range block {
		if bare := strings.TrimLeft(line, " "); bare != "" && (least < 0 || len(line)-len(bare) < least) {
			least = len(line) - len(bare)
		}
	}
	out := make([]string, len(block))
	for i, line := range block {
		if len(line) >= least && least > 0 {
			line = line[least:]
		}
		out[i] = strings.TrimRight(line, " ")
	}
	return out
}

// prose converts inline marks outside of code fences.
func prose(lines []string) string {
	var out, part []string
	fence := false
	flush := func() {
		if len(part) > 0 {
			out = append(out, inline(strings.Join(part, "\n")))
			part = nil
		}
	}
	for _, line := range lines {
		mark := strings.HasPrefix(strings.TrimLeft(line, " "), "```") && !strings.HasPrefix(strings.TrimLeft(line, " >"), "````")
		if mark && strings.Count(line, "`") == 3 {
			flush()
			fence = !fence
			out = append(out, line)
			continue
		}
		if fence {
			out = append(out, line)
		} else {
			part = append(part, line)
		}
	}
	flush()
	return strings.Join(out, "\n")
}

// inline converts literals, links and roles. Literals are taken out first:
// nothing in them means anything.
func inline(s string) string {
	var kept []string
	keep := func(text string) string {
		kept = append(kept, text)
		return "\x00" + string(rune(0xe000+len(kept)-1)) + "\x00"
	}
	if strings.ContainsRune(s, 0) || strings.Count(s, "`") > 4000 {
		return s
	}
	s = rstLiteral.ReplaceAllStringFunc(s, func(m string) string { return keep("`" + m[2:len(m)-2] + "`") })
	s = rstLink.ReplaceAllStringFunc(s, func(m string) string {
		p := rstLink.FindStringSubmatch(m)
		return keep("[" + strings.Join(strings.Fields(p[1]), " ") + "](" + p[2] + ")")
	})
	s = rstRole.ReplaceAllStringFunc(s, func(m string) string {
		text := rstRole.FindStringSubmatch(m)[1]
		if p := rstRoleRef.FindStringSubmatch(text); p != nil && p[1] != "" {
			return p[1]
		}
		return keep("`" + strings.TrimLeft(strings.Join(strings.Fields(text), " "), "~!") + "`")
	})
	s = rstRef.ReplaceAllString(s, "$1$2")
	s = rstBare.ReplaceAllString(s, "$1*$2*")
	for i := len(kept) - 1; i >= 0; i-- {
		s = strings.ReplaceAll(s, "\x00"+string(rune(0xe000+i))+"\x00", kept[i])
	}
	return s
}
