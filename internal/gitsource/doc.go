// Package gitsource reads merged changes out of git repositories: tags become
// releases, commits become changes, reverts and backports are resolved. It is
// the only importer of go-git, runs no git binary, and writes nothing into a
// repository.
//
// # The law of history
//
// For every range A..B the commits of Changes (tip and inner) and of Skipped
// are together exactly `git rev-list A..B`, each once. Membership is decided by
// reachability alone; dates never decide it (see graph.go). Replace refs and
// info/grafts are honoured, because git's own rev-list honours them.
//
// # Where things are
//
//	open.go       repository forms, what is refused and why
//	objects.go    object bytes by id, alternates, replace refs
//	packs.go      objects out of packs, the fast way; packinput.go, delta.go, inflate.go
//	commit.go     bytes of a commit → model.Commit and message.Message
//	load.go       the commit graph read whole, by several readers at once
//	part.go       as much of it as one range takes; partanswer.go, commitgraph.go, graphcache.go, keptgraph.go
//	graph.go      the commit graph as arrays; ranges, ancestors, merge bases
//	tags.go       refs → releases, ordered; tagset.go: what they hold of one another
//	previous.go   which release is previous, hotfixes, same builds
//	ranges.go     the public calls; revisions.go, release.go: one release put together
//	changes.go    commits → changes; lines.go: what kind of merge a merge is
//	reverts.go    what was taken back
//	delivered.go  what an earlier release already has, or the range twice; side.go, twins.go, patchid.go
//	alarms.go     fixes that a merge threw away
//	paths.go      two trees → touched paths; renames.go
//	info.go       facts for a new workspace
//
// Nothing outside this package sees a type of go-git.
package gitsource
