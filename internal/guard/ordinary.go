package guard

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"daybreak/internal/config"
	"daybreak/internal/model"
)

// ordinary are words that stand in names of houses and families and are words of
// German or English besides: alone they name nobody. Trades, colours, seasons,
// animals, places in the landscape, and the family names that technology borrowed.
// They are tight forms.
var ordinary = wordSet(`
		adler amman anker apple april archer august bach backhaus baker bauer baum baumann beck becker berg berger bergmann best binder bird bischof bishop black blau blum brand braun bright brown brunner buchner burger busch
		bush butcher butler camp carpenter carter castle chandler church clark cook cooper cross daniel daniels dean demir dietrich dorf dreyer eagle ecker engel england ernst falk falke farmer feld feldmann fels fink fischer fisher
		fleischer fleischmann flint forest forster fox francis frank franke franklin french freund friedrich frost fuchs furst garden gardner gerber gold good graf grau gray green grimm gross gruber grun hahn hammer hart hase
		haupt hauser heilig heller henry herbst hermann herr herzog hill hirsch hofer hoffmann hofmann holland holz hopper horn house huber hunter iron jackson jaeger jager jenkins jordan joseph july jung junge kaiser kaufmann
		keller kessler king kirch klein knight koch kohl kohler koller konig kraft kramer krause kraus krebs kreis kreuz kruger krug kunz kunst kurz lake lang lange lehmann lehner leicht lincoln lindner little london long lowe
		ludwig maier major march mark marks martin mason maurer mayer meier meister metzger meyer michael miller mills moeller mohr mond moore morgen mueller muller munster nagel naumann neumann newman newton nord north
		oliver opel ost otto page paris park parker paul peters pfeiffer pilot pohl pope porter potter powers price prince probst quick rabe rapp reed reich reiter rice rich richards richter riedel ring river robin rock roger
		rose rosen roth rothe ruby saal sanders sauer schafer schaefer schaffer scharf scherer schiller schilling schlosser schmid schmidt schmied schmitt schmitz schneider scholz schreiber schreiner schroder schroeder schubert
		schulte schultz schulz schulze schumacher schuster schutz schwab schwan schwartz schwarz schweizer seidel senior sharp shepherd short silver simon singer sommer spencer spring stahl stark stein steiner stern stone
		storm strauss stuart sturm summer sund sunday taylor thomas thompson tiger tischler travis turner urban vogel vogt voigt wagner wald walker wall wallace walter warren water weber weber weiss wells werner west white
		wiese wild wilhelm williams wilson winkler winter wirth wise wolf wolff wood woods wright young ziegler zimmer zimmermann zucker`)

// business are words that houses of every trade carry in their names: offices, forms
// and lines of business, cities, and what every supplier calls those whom it serves.
// Such a word names nobody even where it is a house's address on the net.
var business = wordSet(`
		agentur akademie airline airlines airport akademien aktien anlagen apotheke arbeit archiv automotive autohaus bank banken bau bauen berlin betrieb bildung blick boot bremen brief bruder brucke buch bucher bund bundes
		buero busreise busreisen camping capital center central city client clients clinic clinics cloud club college company concept concepts connect consult consulting corporation cruise cruises customer customers data deutsch deutsche deutscher deutschland
		dienst dienste digital direkt direct dorfer dresden energie energy engineering erlebnis erlebnisse europa europe european events express fabrik fachhandel familie ferien ferienhaus ferienwohnung festival film finance
		finanz flug fluge flughafen foundation frankfurt freizeit garten gastro gemeinde genossenschaft germany gesellschaft gesundheit global gmbh grand group gruppe gruppen hafen halle hamburg handel handels handwerk haus
		hauser health heim heime hochschule holding holdings holiday holidays home hospital hotel hotels house immobilien industrie industries industry institut institute insurance international internet islands italia journey
		kaufhaus kino kirche klinik kliniken klinikum kloster koeln kommune konzept konzern krankenhaus kreuzfahrt kreuzfahrten kultur kunde kunden kunst land landes landkreis leben leipzig libraries library lines local
		logistics logistik lokal luft manufaktur marine market marketing markt maschinen media medien medizin meer metall ministerium mobil mobile montage motor motors munchen museum music musik nacht national natur nature
		netz network networks oesterreich office online optik orient osten partner partners passage pflege pharma plan plus praxis produktion project projekt projekte publishing radio rail regen region reise reisebuero
		reiseburo reisen reiseveranstalter resort resorts restaurant rhein sachsen schiff schiffe schiffahrt schule schulen schweiz science seereise seereisen senioren service services shop shops sicherheit skireisen society
		software solution solutions sonne sonnen spedition spital sport sports stadt stadte stadtwerke station stiftung store stores strand strasse strom studien studienreise studienreisen studio studios stuttgart suden sued
		swiss system systeme systems team technik technology technologies theater tourismus tourism tours touren tour touristik transport travel travels trips treff trend union universitat university urlaub verband verein
		verlag verlage versand versicherung versicherungen vertrieb verwaltung wandern wanderreisen ware waren wasser wein welt weltweit werbung werk werke werkstatt westen wetter wien windows wirtschaft wissen wohnen world
		zeit zeitung zentral zentrale zentrum zukunft`)

func wordSet(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// common are the words that say nothing about a customer or a person, although
// they stand in a name: ordinary ones, those of the product, its areas and its
// languages, and those of the texts that ship with the program.
type common map[string]bool

func commonWords(c *config.Config, known []string) common {
	m := common{}
	add := func(text string) {
		for _, w := range wordsOf(text) {
			m[fold(w)] = true
		}
	}
	add(c.Product.Name)
	for _, l := range c.Languages {
		add(c.Product.Tagline[l])
		for _, a := range c.Areas {
			add(a.Name[l])
		}
	}
	for _, a := range c.Areas {
		add(a.ID)
	}
	for _, text := range known {
		add(text)
	}
	return m
}

// learn takes, for the names that only history knows, what history writes in
// small letters in its titles, and the first names of its people: neither is a
// family name by itself.
func (m common) learn(releases []model.Release) {
	person := func(p model.Person) {
		if first, _, ok := strings.Cut(strings.TrimSpace(p.Name), " "); ok {
			m[fold(first)] = true
		}
	}
	for i := range releases {
		for j := range releases[i].Changes {
			ch := &releases[i].Changes[j]
			for _, w := range wordsOf(ch.Title) {
				if r, _ := utf8.DecodeRuneInString(w); unicode.IsLower(r) {
					m[fold(w)] = true
				}
			}
			for _, c := range ch.Commits() {
				person(c.Author)
			}
		}
	}
}

func (m common) has(word string) bool { return ordinary[word] || business[word] || m[word] }

// wordsOf splits a text at everything that is no letter or digit.
func wordsOf(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r) })
}

// leastShort is how many letters a word needs to stand for a whole name.
const leastShort = 5

// shortForms gives the words of a customer's name by which people call it: those
// that are no common words and stand in no other system's name.
func (g *Guard) shortForms(i int, words common) []string {
	var out []string
	for _, w := range wordsOf(g.config.Systems[i].Name) {
		f := fold(w)
		if len(f) < leastShort || words.has(f) || slices.Contains(out, w) {
			continue
		}
		if !g.shared(i, f) {
			out = append(out, w)
		}
	}
	return out
}

// shared reports whether a word of a system's name stands in another one's too, and
// so tells nobody which of them is meant.
func (g *Guard) shared(i int, folded string) bool {
	for j := range g.config.Systems {
		other := &g.config.Systems[j]
		names := append([]string{other.Name}, other.Also...)
		if j != i && slices.ContainsFunc(names, func(n string) bool {
			return slices.ContainsFunc(wordsOf(n), func(x string) bool { return fold(x) == folded })
		}) {
			return true
		}
	}
	return false
}
