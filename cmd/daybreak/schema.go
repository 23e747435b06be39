package main

import (
	"github.com/spf13/cobra"

	"daybreak/internal/config"
)

// newSchema builds `daybreak schema`.
func newSchema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of daybreak.yaml",
		Long: `schema prints the JSON Schema (draft 2020-12) of daybreak.yaml, from which
editors take completion, explanations and the underlining of mistakes.
` + "`daybreak init`" + ` writes it into the workspace and points the file at it;
after an update of daybreak, refresh it with

  daybreak schema > .daybreak/schema.json`,
		Example: "  daybreak schema > .daybreak/schema.json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			data, err := config.Schema()
			if err != nil {
				return err
			}
			_, err = cmd.OutOrStdout().Write(data)
			return err
		},
	}
}
