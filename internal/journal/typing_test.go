package journal

import (
	"strings"
	"testing"
)

// What hands in a hurry write in two languages is read as it was meant.
func TestMistyping(t *testing.T) {
	cases := []struct{ line, want string }{
		{`S06 o635-o7o2`, `S06 06:35-07:02`},
		{`SO6 0635-0702`, `S06 06:35-07:02`},
		{`S 06 0635-0702`, `S06 06:35-07:02`},
		{`S06 0635 - 0702`, `S06 06:35-07:02`},
		{`S06 0635 0702`, `S06 06:35-07:02`},
		{`S06 0635–0702 ok`, `S06 06:35-07:02 ok`},
		{`S06 6h35-7h02`, `S06 06:35-07:02`},
		{`S06 6.35h - 7.02h`, `S06 06:35-07:02`},
		{`S06 6:35 Uhr bis 7:02 Uhr`, `S06 06:35-07:02`},
		{`S06 von 6:35 bis 7:02`, `S06 06:35-07:02`},
		{`S06 06:35-`, `S06 06:35-`},
		{`S06 ab 0635`, `S06 06:35-`},
		{`S06 bis 0702`, `S06 -07:02`},
		{`S06 fertig 0702`, `S06 07:02 ok`},
		{`S06 begonnen 0635`, `S06 06:35-`},
		{`S06 635-702`, `S06 06:35-07:02`},
		{`S06 0635 to 0702`, `S06 06:35-07:02`},
		{`S06 um 06:35`, `S06 06:35`},
		{`S06: 6.35h`, `S06 06:35`},
		{`s06,0635-0702`, `S06 06:35-07:02`},
		{`S-06 0635`, `S06 06:35`},
		{`G1 go mk ts`, `G1 go MK/TS`},
		{`G1 go mk/ts 6.34`, `G1 06:34 go MK/TS`},
		{`G1 GO MK TS 0634`, `G1 06:34 go MK/TS`},
		{`G1 go MK, TS`, `G1 go MK/TS`},
		{`G1 go MK+TS`, `G1 go MK/TS`},
		{`G1 go MK & TS`, `G1 go MK/TS`},
		{`G1 go Mk/Ts`, `G1 go MK/TS`},
		{`G1 frei mk/ts`, `G1 go MK/TS`},
		{`G1 freigabe MK`, `G1 go MK`},
		{`G1 nein`, `G1 no-go`},
		{`G1 nicht frei MK`, `G1 no-go MK`},
		{`G1 grün`, `G1 go`},
		{`G1 rot`, `G1 no-go`},
		{`G1 mit Auflage: nur K1`, `G1 go-with | nur K1`},
		{`G1 ok MK`, `G1 go MK`},
		{`G1 NO-GO`, `G1 no-go`},
		{`G1 no go, mk`, `G1 no-go MK`},
		{`G l go MK`, `G1 go MK`},
		{`Gl go MK`, `G1 go MK`},
		{`C7 K3 abw`, `C07 K3 x`},
		{`C7 K3 abw 2 Preis falsch`, `C07 K3 x | 2 Preis falsch`},
		{`C07 K3 x 2 Preis falsch`, `C07 K3 x | 2 Preis falsch`},
		{`C07 K3 x2: Preis falsch`, `C07 K3 x2 | Preis falsch`},
		{`C07 k3 X2 Preis falsch`, `C07 K3 x2 | Preis falsch`},
		{`C07 K3 fehler Preis`, `C07 K3 x | Preis`},
		{`C07 K1+K3 ok`, `C07 K1,K3 ok`},
		{`C07 K1 u. K3 ok`, `C07 K1,K3 ok`},
		{`C07 K1 und K3 ok`, `C07 K1,K3 ok`},
		{`C07 K1 and K3 ok`, `C07 K1,K3 ok`},
		{`C07 K1-K3 ok`, `C07 K1,K2,K3 ok`},
		{`C07 alle ok`, `C07 ok`},
		{`C07 all ok`, `C07 ok`},
		{`C07 OK.`, `C07 ok`},
		{`C07 okay`, `C07 ok`},
		{`C07 i.O.`, `C07 ok`},
		{`C07 iO`, `C07 ok`},
		{`C07 n.i.O.`, `C07 x`},
		{`C07 entf.`, `C07 na`},
		{`C07 entfaellt`, `C07 na`},
		{`C07 K1 geht nicht`, `C07 K1 x`},
		{`C07 nicht prüfbar`, `C07 blocked`},
		{`C07 K1 nachpruefen`, `C07 K1 retest`},
		{`C07 K1 nochmal`, `C07 K1 retest`},
		{`C07 K1 hingenommen`, `C07 K1 accepted`},
		{`V07 K3 x2 price wrong`, `C07 K3 x2 | price wrong`},
		{`X2 erledigt`, `X2 ok`},
		{`X2 behoben`, `X2 ok`},
		{`X2 klasse B`, `X2 B`},
		{`X2 B!`, `X2 B`},
		{`H1 2026.14.1 core-1501`, `H1 2026.14.1 core-1501`},
		{`H1 2026.14.1 K3 1010-1040`, `H1 K3 10:10-10:40 2026.14.1`},
		{`HF1 2026.14.1 K3`, `H1 K3 2026.14.1`},
		{`K3 zurück 0810`, `K3 | zurück 0810`},
		{`K3 zurückgerollt 0810`, `K3 08:10 rolled back`},
		{`K3 zurueckgerollt um 8.10`, `K3 08:10 rolled back`},
		{`K3 rollback 0810`, `K3 08:10 rolled back`},
		{`K5 nicht heute`, `K5 not today`},
		{`K5 heute nicht`, `K5 not today`},
		{`K5 not today`, `K5 not today`},
		{`K5 faellt aus`, `K5 not today`},
		{`K3: 0655`, `K3 06:55`},
		{`Notiz: alles ruhig`, `note | alles ruhig`},
		{`notiz ruhig`, `note | ruhig`},
		{`Bemerkung: ruhig`, `note | ruhig`},
		{`- S06 0635`, `S06 06:35`},
		{`* S06 0635`, `S06 06:35`},
		{`S06 ca. 0635`, `S06 06:35`},
		{`S06 ~0635`, `S06 06:35`},
		{`0635: S06`, `S06 06:35`},
		{`06:35 – S06`, `S06 06:35`},
		{`6.35 S06 fertig`, `S06 06:35 ok`},
		{`M1 raus 0721`, `M1 | raus 0721`},
		{`M1 gesendet 0721`, `M1 07:21 ok`},
		{`C07 ✔️ K3`, `C07 K3 ok`},
		{`S06 24:10`, `S06 24:10`},
		{`S06 0:10`, `S06 00:10`},
		{`S01 O615`, `S01 06:15`},
	}
	if len(cases) < 60 {
		t.Fatalf("only %d", len(cases))
	}
	for _, c := range cases {
		events, list := Parse("day.log", c.line, samplePlan())
		if len(list) > 0 || len(events) != 1 {
			t.Errorf("%q: %d events, %v", c.line, len(events), list)
			continue
		}
		if got := events[0].String(); got != c.want {
			t.Errorf("%q reads as %q, want %q", c.line, got, c.want)
		}
	}
}

// Where two things could be meant nothing is guessed, and words of a remark stay
// as they are.
func TestNothingIsGuessed(t *testing.T) {
	for _, c := range []struct{ line, want, message string }{
		{"S06 0635-0702 bis 0702 war K1 dran", "S06 06:35-07:02 | bis 0702 war K1 dran", ""},
		{"S06 0635-0702 alle Systeme langsam", "S06 06:35-07:02 | alle Systeme langsam", ""},
		{"S06 0635-0702 | ok, um 0710 nochmal", "S06 06:35-07:02 | ok, um 0710 nochmal", ""},
		{"G1 go MK an alle", "G1 go MK | an alle", ""},
		{"C07 K3 x 2 Preise falsch", "C07 K3 x | 2 Preise falsch", ""},
		{"note um 6h35 kam TS", "note | um 6h35 kam TS", ""},
		{"note 0635 K1 is slow", "06:35 note | K1 is slow", ""},
		{"learn order the rolls earlier", "note | learn: order the rolls earlier", ""},
		{"Merken: Brötchen früher bestellen", "note | learn: Brötchen früher bestellen", ""},
		{"note K1 is slow", "note | K1 is slow", ""},
		{"K3 0735 zurück am Platz", "K3 07:35 | zurück am Platz", ""},
		{"S06 | 0635?", "S06 | 0635?", ""},
		{"S07 06", "", `"06" is no time of the day`},
		{"S06 0635?", "", `"0635?" is no time of the day`},
		{"S06 0635-07o", "", `"0635-070" is no time of the day`},
		{"S06 bis 0775", "", `"-0775" is no time of the day`},
		{"C07 K1-K9 ok", "", `"K1-K9" is no row of systems`},
		{"C07 K1 ok?", "", "row C07 has no result"},
		{"C07K3ok", "", `nothing is called "C07K3ok"`},
		{"S0G 0635", "", `nothing is called "S0G"`},
		{"G1 vielleicht", "", "gate G1 has no decision"},
	} {
		events, list := Parse("day.log", c.line, samplePlan())
		switch {
		case c.message != "" && (len(list) != 1 || !strings.Contains(list[0].Message, c.message) || list[0].Hint == ""):
			t.Errorf("%q: %v %v, want %q", c.line, events, list, c.message)
		case c.message == "" && (len(events) != 1 || events[0].String() != c.want):
			t.Errorf("%q: %v %v, want %q", c.line, events, list, c.want)
		}
	}
}
