package output

import (
	"fmt"
	"io/fs"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"daybreak/internal/diag"
)

// CheckPath says whether a slash path names the same file inside the folder on
// every system that daybreak runs on. It refuses what is absolute, has a `.`,
// `..` or empty segment, is not UTF-8, holds a backslash, a control or
// direction character or one of `<>:"|?*`; and a segment that ends in a dot or
// blank, is longer than 255 bytes, or that Windows reserves for a device.
// https://learn.microsoft.com/windows/win32/fileio/naming-a-file
func CheckPath(name string) error {
	if !fs.ValidPath(name) || name == "." {
		return badPath(name, "is not a plain relative path")
	}
	if name == Marker || name == Marker+".next" {
		return badPath(name, "is kept for daybreak's own manifest")
	}
	for _, r := range name {
		if r < 0x20 || r >= 0x7f && r < 0xa0 || strings.ContainsRune(`\<>:"|?*`, r) || diag.IsBidiControl(r) {
			return badPath(name, fmt.Sprintf("holds the character %q", r))
		}
	}
	for segment := range strings.SplitSeq(name, "/") {
		switch {
		case len(segment) > 255:
			return badPath(name, "has a segment of more than 255 bytes")
		case strings.HasSuffix(segment, ".") || strings.HasSuffix(segment, " "):
			return badPath(name, "has a segment that ends in a dot or a blank")
		case isDevice(segment):
			return badPath(name, fmt.Sprintf("has the segment %q, which is a device on Windows", segment))
		}
	}
	return nil
}

func badPath(name, why string) error {
	return fmt.Errorf("output path %q %s", name, why)
}

// isDevice knows Windows' device names; an extension makes no difference.
func isDevice(segment string) bool {
	stem, _, _ := strings.Cut(segment, ".")
	stem = strings.ToUpper(strings.TrimRight(stem, " "))
	switch stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	port, ok := strings.CutPrefix(stem, "COM")
	if !ok {
		port, ok = strings.CutPrefix(stem, "LPT")
	}
	return ok && len([]rune(port)) == 1 && strings.Contains("123456789¹²³", port)
}

// names remembers which paths are taken, in the way of a filesystem that
// ignores case and Unicode form. The zero value is empty.
type names struct {
	taken map[string]name
}

type name struct {
	spelled string
	folder  bool
}

// add takes the path and its folders, and tells whether its folder is new.
func (n *names) add(path string) (newFolder bool, err error) {
	if err := CheckPath(path); err != nil {
		return false, err
	}
	if n.taken == nil {
		n.taken = map[string]name{}
	}
	for i, r := range path {
		if r == '/' {
			was, err := n.claim(path[:i], true)
			if err != nil {
				return false, err
			}
			newFolder = !was
		}
	}
	_, err = n.claim(path, false)
	return newFolder, err
}

func (n *names) claim(path string, folder bool) (was bool, err error) {
	key := norm.NFC.String(cases.Fold().String(path))
	have, was := n.taken[key]
	switch {
	case !was:
		n.taken[key] = name{path, folder}
		return false, nil
	case have.spelled != path:
		return true, fmt.Errorf("output paths %q and %q are the same on a filesystem that ignores case", have.spelled, path)
	case have.folder != folder:
		return true, fmt.Errorf("output path %q is both a file and a folder", path)
	case !folder:
		return true, fmt.Errorf("output path %q is written twice", path)
	}
	return true, nil
}
