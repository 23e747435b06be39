package model

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// Tags as they occur in the wild, and what they are: line|text, "pre" for
// pre-releases, "" for no version.
func TestParseVersion(t *testing.T) {
	for tag, want := range map[string]string{
		"v1.2.3": "|1.2.3", "1.2": "|1.2", "V1_2_3": "|1.2.3", "v1": "|1", "v2_1": "|2.1", "v.1.2": "|1.2",
		"2026.14.0": "|2026.14.0", "2024.05.1": "|2024.05.1", "2024-01-15": "|2024-01-15", "v2024-01-15.2": "|2024-01-15.2",
		"release-2024-01-15": "|2024-01-15", "release/v1.2": "|1.2", "REL_9_6_1": "|9.6.1", "REL9_6_1": "|9.6.1", "release1.2": "|1.2",
		"api/v1.2.0": "api|1.2.0", "api-1.2.0": "api|1.2.0", "app@1.2.3": "app|1.2.3", "@scope/pkg@1.2.3": "@scope/pkg|1.2.3",
		"go1.21.3": "go|1.21.3", "go1.21rc2": "go|1.21-rc2 pre", "n4.4": "n|4.4", "php-8.2.0RC1": "php|8.2.0-RC1 pre",
		"action/v2": "action|2", "OpenSSL_1_1_1k": "openssl|1.1.1k", "OpenSSL_1_0_2a": "openssl|1.0.2a", "2.0b": "|2.0-b pre", "TEXTUTILS-1_22p": "textutils|1.22p", "1.0p1": "|1.0-p1",
		"v1.0.0-rc.1": "|1.0.0-rc.1 pre", "v4.2.0.rc1": "|4.2.0-rc1 pre", "3.0.0-M1": "|3.0.0-M1 pre", "5.4.0.CR1": "|5.4.0-CR1 pre",
		"v6.5.0.202303070854-r": "|6.5.0.202303070854", "v6.5.0.202302221622-rc1": "|6.5.0.202302221622-rc1 pre", "release-20261126084000": "|20261126084000",
		"1.0.0.RELEASE": "|1.0.0", "1.2.3.Final": "|1.2.3", "1.2.3-SNAPSHOT": "|1.2.3-SNAPSHOT pre", "v3.12.0a1": "|3.12.0-a1 pre",
		"1.2.3-hotfix.1": "|1.2.3-hotfix.1", "1.2.3-p1": "|1.2.3-p1", "1.2.3.post1": "|1.2.3-post1", "1.2.3-preview": "|1.2.3-preview pre",
		"v2.4.0.0-0.1.rc1": "|2.4.0.0-0.1.rc1 pre", "1.2.3-1": "|1.2.3-1 pre", "1.2.3+build.5": "|1.2.3+build.5",
		"v1.0.0-20240115.1": "|1.0.0-20240115.1 pre", "kafka-0.7.0-incubating-candidate-9": "kafka|0.7.0-incubating-candidate-9 pre",
		"produkt/größe/v1.3": "produkt/größe|1.3", "20231115": "|20231115",
		"sprint-42": "", "build-17": "", "r1234": "", "latest": "", "1.2.x": "", "nightly-20240115": "", "": "", "v": "", "junio-gpg-pub": "",
		"v1." + strings.Repeat("1", 200): "", "1.2.3.4.5": "", "fix-2": "", "stable-2.9-branchpoint": "", "v2.4-eol": "",
	} {
		v, ok := ParseVersion(tag)
		got := ""
		if ok {
			got = v.Line + "|" + v.Text
			if v.IsPrerelease() {
				got += " pre"
			}
		}
		if got != want {
			t.Errorf("ParseVersion(%q) = %q, want %q", tag, got, want)
		}
	}
}

// A version is shown in its tag's letters and compared without regard to them;
// its place in paths is in lower case.
func TestVersionCase(t *testing.T) {
	for tag, want := range map[string][2]string{
		"1.0.0-RC1": {"1.0.0-RC1", "1.0.0-rc1"}, "V2.0-Beta.2+Build.X": {"2.0-Beta.2+Build.X", "2.0-beta.2+build.x"},
		"MyApp/v1.2.0": {"MyApp-1.2.0", "myapp-1.2.0"}, "OpenSSL_1_1_1K": {"OpenSSL-1.1.1K", "openssl-1.1.1k"},
		"3.0.GA": {"3.0", "3.0"}, "ÄPP-1.0-RC1": {"ÄPP-1.0-RC1", "-e4pp-1.0-rc1"},
	} {
		v, _ := ParseVersion(tag)
		if got := [2]string{v.String(), v.Slug()}; got != want {
			t.Errorf("%q is shown as %q, want %q", tag, got, want)
		}
		other, _ := ParseVersion(strings.ToLower(tag))
		if v.Compare(other) != 0 || v.Slug() != other.Slug() || v.IsPrerelease() != other.IsPrerelease() {
			t.Errorf("%q and %q differ by more than their letters", tag, strings.ToLower(tag))
		}
	}
}

func TestVersionOrder(t *testing.T) {
	for _, ordered := range [][]string{
		// The order of https://semver.org/spec/v2.0.0.html, item 11.
		{"1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "2.0.0", "2.1.0", "2.1.1"},
		{"v1.9", "v1.10.0-rc9", "v1.10.0-rc10", "v1.10.0", "v1.10.0-hotfix.1", "v1.10.0.1", "v1.10.1"},
		{"1.0-SNAPSHOT", "1.0a1", "1.0b2", "1.0.M1", "1.0.CR1", "1.0-rc2", "1.0.Final"},
		{"OpenSSL_1_1_1", "OpenSSL_1_1_1a", "OpenSSL_1_1_1k", "OpenSSL_1_1_2"},
		{"TEXTUTILS-1_22", "TEXTUTILS-1_22l", "TEXTUTILS-1_22m", "TEXTUTILS-1_22o", "TEXTUTILS-1_22p", "TEXTUTILS-1_22q"},
		{"2024-01-15", "2024-01-15.1", "2024-02-01", "2025-01-01"},
		{"v20161231", "v20180409", "v2018.04.13", "v2026.05.21"},
		{"2026.2.0", "2026.14.0", "2026.14.1", "2027.1.0"},
		{"api-9.0", "web-1.0"},
	} {
		shuffled := slices.Clone(ordered)
		rnd := rand.New(rand.NewPCG(1, 1))
		rnd.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		slices.SortFunc(shuffled, func(a, b string) int {
			x, _ := ParseVersion(a)
			y, _ := ParseVersion(b)
			return x.Compare(y)
		})
		if !slices.Equal(shuffled, ordered) {
			t.Errorf("ordered as %q, want %q", shuffled, ordered)
		}
	}
}

func FuzzParseVersion(f *testing.F) {
	for _, s := range []string{"v1.2.3-rc.1+b", "api/v1", "..", "2024-01-15", "a-1.0-../x", "x/1.2.3-_", "v1.0\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, tag string) {
		v, ok := ParseVersion(tag)
		if !ok {
			return
		}
		if v.IsZero() || v.Compare(v) != 0 {
			t.Errorf("%q: a version that is none, or not itself: %+v", tag, v)
		}
		if s := v.Slug(); s == "" || s == "." || s == ".." || strings.ContainsAny(s, "/\\ \x00") {
			t.Errorf("%q has slug %q", tag, s)
		}
	})
}

func TestSpoken(t *testing.T) {
	for _, c := range [][3]string{{"jq-1.8.2", "jq", "1.8.2"}, {"FILE-5.48", "file", "5.48"}, {"tracing-core-0.1", "tracing", "tracing-core-0.1"}, {"jq-1.8.2", "", "jq-1.8.2"}, {"1.8.2", "jq", "1.8.2"}, {"jq-", "jq", "jq-"}} {
		if got := Spoken(c[0], c[1]); got != c[2] {
			t.Errorf("%s of %q: %q, want %q", c[0], c[1], got, c[2])
		}
	}
}
