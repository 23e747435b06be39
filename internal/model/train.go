package model

import "time"

// TrainDay is one day of the train. The rhythm gives its Regular day, which
// names it for ever; a holiday, a blocked season or a person's decision can move
// it or take it away.
type TrainDay struct {
	Regular  time.Time // midnight in the configured zone
	Day      time.Time // the day it takes place; zero where Off
	Start    time.Time // T0, the green light; zero where Off
	Opening  time.Time // when the customers' offices open; zero where Off
	Off      bool
	Why      string // what moved it or took it away, "" where nothing did
	Sequence int    // how often it was decided about: counts up, 0 for a regular day
}

// Moved reports whether it takes place on another day than the rhythm says.
func (d TrainDay) Moved() bool { return !d.Off && !d.Day.Equal(d.Regular) }
