package model

import (
	"reflect"
	"regexp"
	"testing"
)

// internalField matches names that no type of the public documents may have.
var internalField = regexp.MustCompile(`(?i)author|committer|owner|developer|hash|commit|merge|ticket|branch|refs?$|paths?$|trailer|internal|systems?$|tag$|person|initials|reviewed|source`)

// TestPublicTypesHoldNothingInternal walks every type that a public template
// can reach. Detail is the one door, and it is opened by name in the workspace.
func TestPublicTypesHoldNothingInternal(t *testing.T) {
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type, string)
	walk = func(ty reflect.Type, at string) {
		for ty.Kind() == reflect.Slice || ty.Kind() == reflect.Pointer || ty.Kind() == reflect.Map {
			ty = ty.Elem()
		}
		if ty.Kind() != reflect.Struct || seen[ty] || ty.PkgPath() == "time" {
			return
		}
		seen[ty] = true
		switch ty {
		case reflect.TypeFor[Change](), reflect.TypeFor[Commit](), reflect.TypeFor[Release](), reflect.TypeFor[Check](), reflect.TypeFor[DaySystem]():
			t.Errorf("%s reaches %s, which holds internal facts", at, ty)
			return
		}
		for f := range ty.Fields() {
			if internalField.MatchString(f.Name) {
				t.Errorf("%s.%s: a public document must not hold such a field", ty, f.Name)
			}
			walk(f.Type, at+"."+f.Name)
		}
	}
	walk(reflect.TypeFor[Notes](), "Notes")
	walk(reflect.TypeFor[Brand](), "Brand")
	walk(reflect.TypeFor[Mail](), "Mail")
	walk(reflect.TypeFor[MailFacts](), "MailFacts")
	if len(seen) < 6 {
		t.Fatalf("only %d types were walked", len(seen))
	}
}
