"""Facts about models, VM sizes, MIG profiles, prices and KAITO versions: dated, sourced, read-only."""
