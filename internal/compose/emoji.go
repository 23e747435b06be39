package compose

import (
	"regexp"
	"strings"
)

// openingEmoji is what people put in front of a title: an emoji, with what colours and
// joins it, or its short code.
var openingEmoji = regexp.MustCompile(`^(?:[\p{So}\x{200D}\x{FE0F}\x{1F3FB}-\x{1F3FF}]+\s*|:[a-z0-9_+-]{2,40}:\s+)+`)

// withoutEmoji takes them off a title that says something besides.
func withoutEmoji(title string) string {
	if rest := title[len(openingEmoji.FindString(title)):]; rest != "" {
		return rest
	}
	return title
}

// emojiKinds are those of https://gitmoji.dev that say what kind a change is, by sign
// and short code; variation selectors count for nothing.
var emojiKinds = map[string]string{
	"✨": "added", ":sparkles:": "added", "🎉": "added", ":tada:": "added",
	"🐛": "fixed", ":bug:": "fixed", "🚑": "fixed", ":ambulance:": "fixed", "🩹": "fixed", ":adhesive_bandage:": "fixed", "✏": "fixed", ":pencil2:": "fixed",
	"⚡": "changed", ":zap:": "changed", "💄": "changed", ":lipstick:": "changed", "🚸": "changed", ":children_crossing:": "changed",
	"🔒": "security", ":lock:": "security", "🗑": "deprecated", ":wastebasket:": "deprecated",
	"♻": internalKind, ":recycle:": internalKind, "✅": internalKind, ":white_check_mark:": internalKind, "📝": internalKind, ":memo:": internalKind,
	"⬆": internalKind, ":arrow_up:": internalKind, "⬇": internalKind, ":arrow_down:": internalKind, "🔧": internalKind, ":wrench:": internalKind,
	"👷": internalKind, ":construction_worker:": internalKind, "💚": internalKind, ":green_heart:": internalKind, "🎨": internalKind, ":art:": internalKind,
	"🚨": internalKind, ":rotating_light:": internalKind, "🔖": internalKind, ":bookmark:": internalKind, "🚧": internalKind, ":construction:": internalKind,
}

// emojiKind gives the kind that a title's first emoji says, "" for none.
func emojiKind(title string) string {
	if code := openingEmoji.FindString(title); strings.HasPrefix(code, ":") {
		return emojiKinds[strings.TrimSpace(code)]
	}
	for _, r := range strings.TrimSpace(title) {
		return emojiKinds[string(r)]
	}
	return ""
}
