# Collects the named figures of Go benchmarks: every metric whose unit holds an underscore, such as
# "3.1 tiles_mvt_vs_orb". Its last part is the unit if it is one, and else the figure is a ratio.
/^Benchmark/ {
  for (i = 3; i < NF; i += 2) {
    name = $(i + 1)
    if (name !~ /^[a-z0-9]+(_[a-z0-9]+)+$/) continue
    unit = "ratio"
    if (match(name, /_(ms|us|ns|s|kb|mb|bytes|per_s)$/)) unit = substr(name, RSTART + 1)
    figures[++n] = "figure " name " " $i " " unit
  }
}
/^(FAIL|--- FAIL|panic:)/ { failed = 1 }
END {
  for (i = 1; i <= n; i++) print figures[i]
  if (failed) exit 1
}
