package main

import (
	"encoding/json"
	"fmt"
	"os"
)

// board is what the picture takes from the dashboard itself.
type board struct {
	Panels []struct {
		Title, Type string
		FieldConfig struct {
			Defaults struct {
				Unit, NoValue string
				Thresholds    struct {
					Steps []struct {
						Color string
						Value *float64
					}
				}
			}
		}
	}
}

func loadBoard(file string) (*board, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	b := &board{}
	if err := json.Unmarshal(raw, b); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return b, nil
}

// unit returns what stands behind a panel's title.
func (b *board) unit(title string) string {
	for _, p := range b.Panels {
		if p.Title == title && p.Type == "timeseries" {
			return map[string]string{"": "", "ops": ", a second", "bytes": ", bytes"}[p.FieldConfig.Defaults.Unit]
		}
	}
	return ""
}
