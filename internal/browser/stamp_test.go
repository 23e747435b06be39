package browser

import (
	"testing"
	"time"
)

func TestStampKeepsEveryOffset(t *testing.T) {
	const form = "1 0 obj\n<</Title (a)\n/CreationDate (D:%)\n/ModDate (D:%)>>\nendobj\n(D:20200101000000+00'00')"
	put := func(date string) string {
		out := ""
		for _, r := range form {
			if r == '%' {
				out += date
			} else {
				out += string(r)
			}
		}
		return out
	}
	day := time.Date(2026, 5, 12, 6, 30, 0, 0, time.FixedZone("", 2*3600))
	got := string(Stamp([]byte(put("20261123032200+01'00'")), day))
	if want := put("20260512043000+00'00'"); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestStampNumbersPartsByTheirOrder(t *testing.T) {
	got := string(Stamp([]byte("/Limits [(node00000072) (node00000190)] /ID (node00000190) /P (node00000085) (node123)"), time.Time{}))
	if want := "/Limits [(node00000001) (node00000003)] /ID (node00000003) /P (node00000002) (node123)"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
