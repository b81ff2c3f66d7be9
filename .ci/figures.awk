# Passes the output of Go benchmarks on as it comes and ends with the figures: every metric whose unit
# is a name in snake case, such as "3.1 tiles_mvt_vs_orb". The last part of the name is the unit if
# it is one; else the figure is a ratio. Of a name that is reported more than once, the median counts.
# A failed benchmark, and no figure at all, fail.
{ print; fflush() }
/^Benchmark/ {
  for (i = 3; i < NF; i += 2) {
    name = $(i + 1)
    if (name !~ /^[a-z][a-z0-9]*(_[a-z0-9]+)+$/) continue
    if (!(name in times)) names[++count] = name
    values[name, ++times[name]] = $i
  }
}
/^(FAIL|panic:|[ \t]*--- (FAIL|SKIP):)/ { failed = 1 }
END {
  for (i = 1; i <= count; i++) {
    name = names[i]
    unit = match(name, /_(((bytes|kb)_)?per_[a-z]+|ms|us|ns|s|kb|mb|bytes)$/) ? substr(name, RSTART + 1) : "ratio"
    print "figure " name " " median(name, times[name]) " " unit
  }
  exit failed || !count
}

# median is the middle one of the values of a name, or the lower of the two in the middle.
function median(name, n, sorted, i, j) {
  for (i = 1; i <= n; i++) {
    for (j = i; j > 1 && sorted[j - 1] + 0 > values[name, i] + 0; j--) sorted[j] = sorted[j - 1]
    sorted[j] = values[name, i]
  }
  return sorted[int((n + 1) / 2)]
}
