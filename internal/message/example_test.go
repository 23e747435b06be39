package message_test

import (
	"fmt"
	"regexp"

	"daybreak/internal/message"
	"daybreak/internal/model"
)

func ExampleParse() {
	m := message.Parse(`Merge branch '412-seat-map' into 'main'

feat(booking): Show the seat map before payment

Travellers choose their seat first. Closes BOOK-412.

See merge request acme/reservations!987

Deploy-Note: run the migration first,
  it takes ten minutes
Co-authored-by: Ben Beispiel <ben@example.com>
`, message.Options{Tickets: []*regexp.Regexp{regexp.MustCompile(`BOOK-\d+`)}})

	fmt.Println(m.Title)
	fmt.Println(m.Header.Type, m.Header.Scope)
	fmt.Println(m.Merge, m.Source, "→", m.Target)
	fmt.Println(m.Request.Sign + m.Request.Number)
	fmt.Println(m.Refs)
	fmt.Printf("%q\n", m.Trailers[0])
	fmt.Println(m.CoAuthors[0].Name)
	// Output:
	// Show the seat map before payment
	// feat booking
	// request 412-seat-map → main
	// !987
	// [BOOK-412 acme/reservations!987]
	// {"Deploy-Note" "run the migration first, it takes ten minutes"}
	// Ben Beispiel
}

func ExampleMailmap_Resolve() {
	m := message.ParseMailmap("Ada Muster <ada@example.com> <ada@old.example.com>\n")
	fmt.Println(m.Resolve(model.Person{Name: "ada", Mail: "Ada@old.example.com"}))
	// Output: {Ada Muster ada@example.com}
}

func ExampleDecode() {
	text, damaged := message.Decode([]byte("Gr\xfc\xdfe"), "ISO-8859-1")
	fmt.Println(text, damaged)
	// Output: Grüße false
}
