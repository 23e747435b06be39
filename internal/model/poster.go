package model

// Poster thanks everybody who made a release, on a sheet for the kitchen.
type Poster struct {
	DayHeader
	Weeks int      // of work, the train's interval; 0 without a train
	Names []string // each once, in the alphabet of Lang
}

// PhoneStrip is what the phone desk needs to know of a release, three times on
// a sheet, to tear off.
type PhoneStrip struct {
	DayHeader
	New       []PhoneLine // at most five, what customers must act on first
	More      int         // how many more there are
	Deviating []PhoneDeviation
	Known     string      // markdown: what is known not to work yet, as customers read it; "" for nothing
	KnownLang Lang        // language of Known where it isn't the document's, else ""
	Ring      []DayPerson // those with an extension
}

// PhoneLine is one thing that is new.
type PhoneLine struct {
	Title   string
	Lang    Lang     // language of Title where it isn't the document's, else ""
	Act     bool     // customers must do something
	Systems []string // ids, empty for all
}

// PhoneDeviation is a deviation of the day's journal that callers may speak of.
type PhoneDeviation struct {
	Where  string // systems or row: "V07 K3"
	What   string
	Hotfix string // the version that mends it, "" where none does yet
}
