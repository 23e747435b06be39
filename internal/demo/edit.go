package demo

import (
	"fmt"
	"maps"
	"path"
	"strings"
	"unicode"
)

// files is a tree: path → text. It is never changed in place once a commit
// holds it.
type files map[string]string

// done is one edit as it was carried out, with what is needed to take it back.
type done struct {
	path    string
	before  string
	existed bool
	after   string // "" where the file went
	gone    bool
	snippet string // what was put in, "" for a replaced line or a deleted file
	removed string // what was taken out, in a revert
	line    string // the replaced line, with a set
}

// apply gives the tree with the edits in it, and how to take them back.
func apply(tree files, edits []Edit, subject string) (files, []done) {
	out := maps.Clone(tree)
	var log []done
	for _, e := range edits {
		d := done{path: e.Path}
		d.before, d.existed = out[e.Path]
		switch {
		case e.Delete:
			d.gone = true
			delete(out, e.Path)
		case e.Set != "":
			d.after, d.line = setLine(d.before, e.Set)
			out[e.Path] = d.after
		default:
			text := d.before
			if !d.existed && e.Text == "" {
				text = skeleton(e.Path)
			}
			d.snippet = e.Text
			if d.snippet == "" {
				d.snippet = snippet(e.Path, subject, text)
			}
			d.after = insert(e.Path, text, d.snippet)
			out[e.Path] = d.after
		}
		log = append(log, d)
	}
	return out, log
}

// undo takes edits back, the last one first, and says how to put them in
// again. Where the file has moved on since, only what the edit put in goes.
func undo(tree files, log []done) (files, []done) {
	out := maps.Clone(tree)
	var back []done
	for i := len(log) - 1; i >= 0; i-- {
		d := log[i]
		r := done{path: d.path}
		r.before, r.existed = out[d.path]
		switch {
		case d.gone, d.existed && r.before == d.after:
			out[d.path] = d.before
		case r.before == d.after:
			delete(out, d.path)
			r.gone = true
		case d.snippet != "":
			out[d.path] = strings.Replace(r.before, d.snippet, "", 1)
			r.removed = d.snippet
		case d.removed != "":
			out[d.path] = insert(d.path, r.before, d.removed)
			r.snippet = d.removed
		case d.line != "":
			out[d.path], r.line = setLine(r.before, d.line)
		}
		r.after = out[d.path]
		back = append(back, r)
	}
	return out, back
}

// setLine replaces the line with the key of "key = value", "key: value" or
// `"key": "value"`, keeping its indentation and a comma at its end, and gives
// the old line. A key that isn't there is appended.
func setLine(text, line string) (string, string) {
	key := line[:strings.IndexAny(line+"=", "=:")]
	key = strings.TrimSpace(key)
	all := strings.SplitAfter(text, "\n")
	for i, old := range all {
		trimmed := strings.TrimSpace(old)
		rest, ok := strings.CutPrefix(trimmed, key)
		if !ok || !strings.HasPrefix(strings.TrimSpace(rest)+"\n", string(line[len(key):][strings.IndexAny(line[len(key):], "=:")])) {
			continue
		}
		indent := old[:len(old)-len(strings.TrimLeft(old, " \t"))]
		comma := ""
		if strings.HasSuffix(trimmed, ",") {
			comma = ","
		}
		all[i] = indent + line + comma + "\n"
		return strings.Join(all, ""), strings.TrimSuffix(trimmed, ",")
	}
	return text + line + "\n", ""
}

// insert puts lines into a file: before the brace that closes a class,
// otherwise at the end.
func insert(file, text, lines string) string {
	if path.Ext(file) == ".java" {
		if i := strings.LastIndex(text, "}"); i >= 0 {
			return text[:i] + lines + text[i:]
		}
	}
	if path.Ext(file) == ".html" {
		if i := strings.LastIndex(text, "</body>"); i >= 0 {
			return text[:i] + lines + text[i:]
		}
	}
	return text + lines
}

// skeleton is the text of a new file before its first edit.
func skeleton(file string) string {
	name := strings.TrimSuffix(path.Base(file), path.Ext(file))
	words := splitCamel(name)
	dir := path.Base(path.Dir(file))
	switch path.Ext(file) {
	case ".java":
		if base, ok := strings.CutSuffix(name, "Test"); ok {
			return fmt.Sprintf("package travel.kurswagen.%s;\n\nimport static org.assertj.core.api.Assertions.assertThat;\n\nimport org.junit.jupiter.api.Test;\n\nclass %s {\n    private final %s subject = new %s(Settings.forTests());\n}\n", dir, name, base, base)
		}
		return fmt.Sprintf("package travel.kurswagen.%s;\n\nimport travel.kurswagen.platform.Settings;\n\n/** %s. */\npublic final class %s {\n    private final Settings settings;\n\n    public %s(Settings settings) {\n        this.settings = settings;\n    }\n}\n", dir, words, name, name)
	case ".ts":
		return fmt.Sprintf("// %s.\nimport { setting } from '../platform/settings';\n", words)
	case ".html":
		return fmt.Sprintf("<!doctype html>\n<html lang=\"{{ language }}\">\n<head><title>{{ text('%s.title') }}</title></head>\n<body>\n</body>\n</html>\n", name)
	case ".md":
		return fmt.Sprintf("# %s\n\n", words)
	case ".yml", ".yaml", ".properties", ".toml":
		return fmt.Sprintf("# %s\n", words)
	}
	return ""
}

// snippet is what a commit with the subject adds to a file of that type.
func snippet(file, subject, text string) string {
	plain := subject
	if head, rest, ok := strings.Cut(subject, ": "); ok && !strings.Contains(head, " ") {
		plain = rest
	}
	key := slug(plain, 5)
	for n := 2; strings.Contains(text, key); n++ {
		key = fmt.Sprintf("%s-%d", slug(plain, 5), n)
	}
	sentence := strings.ToUpper(plain[:1]) + plain[1:]
	switch path.Ext(file) {
	case ".java":
		if strings.HasSuffix(file, "Test.java") {
			return fmt.Sprintf("\n    @Test\n    void %s() {\n        assertThat(subject).isNotNull(); // %s\n    }\n", camel(key), key)
		}
		return fmt.Sprintf("\n    /** %s. */\n    public boolean %s() {\n        return settings.isOn(\"%s\");\n    }\n", sentence, camel(key), key)
	case ".ts":
		return fmt.Sprintf("\n/** %s. */\nexport const %s = () => setting('%s');\n", sentence, camel(key), key)
	case ".html":
		return fmt.Sprintf("  <p data-part=\"%s\">{{ text('%s') }}</p>\n", key, key)
	case ".md":
		return fmt.Sprintf("- %s.\n", sentence)
	case ".sql":
		return fmt.Sprintf("-- %s\n", sentence)
	case ".properties":
		return fmt.Sprintf("%s = true\n", key)
	case ".css":
		return fmt.Sprintf(".%s { display: block; }\n", key)
	case ".csv":
		return fmt.Sprintf("%s;1\n", key)
	}
	return fmt.Sprintf("# %s\n", sentence)
}

// camel makes an identifier of a slug.
func camel(slug string) string {
	parts := strings.Split(slug, "-")
	for i := range parts {
		if i > 0 && parts[i] != "" {
			parts[i] = strings.ToUpper(parts[i][:1]) + parts[i][1:]
		}
	}
	name := strings.Join(parts, "")
	if name == "" || unicode.IsDigit(rune(name[0])) {
		name = "case" + name
	}
	return name
}

// splitCamel makes words of a type's name: DepositSchedule, "Deposit schedule".
func splitCamel(name string) string {
	var b strings.Builder
	for i, r := range name {
		if i > 0 && unicode.IsUpper(r) {
			b.WriteByte(' ')
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}
