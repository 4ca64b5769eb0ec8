# Shared by the scripts of this folder; sourced, with "home" set to the checkout.

java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
command -v "$java" >/dev/null || {
  echo "penstock: no JDK 17 found; set JAVA_HOME to one" >&2
  exit 2
}

# What Spark needs on Java 17: org.apache.spark.launcher.JavaModuleOptions
spark_java_options=(
  -XX:+IgnoreUnrecognizedVMOptions
  --add-opens=java.base/java.lang=ALL-UNNAMED
  --add-opens=java.base/java.lang.invoke=ALL-UNNAMED
  --add-opens=java.base/java.lang.reflect=ALL-UNNAMED
  --add-opens=java.base/java.io=ALL-UNNAMED
  --add-opens=java.base/java.net=ALL-UNNAMED
  --add-opens=java.base/java.nio=ALL-UNNAMED
  --add-opens=java.base/java.util=ALL-UNNAMED
  --add-opens=java.base/java.util.concurrent=ALL-UNNAMED
  --add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED
  --add-opens=java.base/jdk.internal.ref=ALL-UNNAMED
  --add-opens=java.base/sun.nio.ch=ALL-UNNAMED
  --add-opens=java.base/sun.nio.cs=ALL-UNNAMED
  --add-opens=java.base/sun.security.action=ALL-UNNAMED
  --add-opens=java.base/sun.util.calendar=ALL-UNNAMED
  --add-opens=java.security.jgss/sun.security.krb5=ALL-UNNAMED
  -Djdk.reflect.useDirectMethodHandle=false
)

# The classes of a run, as the JVM maps them into memory: starts take a third of the time.
penstock_archive="$home/jobs/target/penstock.jsa"

# Makes the archive from one small run on the sandbox. Without it everything works, slower.
penstock_warm_up() {
  [ -f "$penstock_archive" ] && return
  local scratch
  scratch="$(mktemp -d)"
  echo "penstock: preparing faster starts (first start only)" >&2
  if "${penstock_jvm[@]}" -XX:ArchiveClassesAtExit="$penstock_archive.$$" \
    -Dpenstock.log="$scratch/log" -cp "$jobs_class_path" io.penstock.jobs.Penstock \
    run "$home/scripts/warm-up.conf" --sandbox --quiet -D state="$scratch/state" >&2; then
    mv "$penstock_archive.$$" "$penstock_archive"
  fi
  rm -rf "$scratch" "$penstock_archive.$$"
}

# Builds the named modules where a jar is missing or older than a source.
penstock_build() {
  local module jar stale=""
  for module in "$@"; do
    jar="$home/$module/target/built"
    if [ ! -f "$jar" ] || [ -n "$(find "$home/pom.xml" "$home/common/src/main" "$home/common/pom.xml" \
      "$home/$module/src/main" "$home/$module/pom.xml" -newer "$jar" -type f -print -quit)" ]; then
      stale="$stale,$module"
    fi
  done
  if [ -n "$stale" ]; then
    echo "penstock: building ${stale#,} (first start only)" >&2
    (cd "$home" && ./mvnw -B -q -ntp -DskipTests -pl "${stale#,}" -am package) >&2
    for module in ${stale//,/ }; do
      touch "$home/$module/target/built"
    done
    rm -f "$penstock_archive"
  fi
  jobs_class_path="$(ls "$home"/jobs/target/penstock-jobs-*.jar | grep -v -e sources -e shaded | head -n 1):$(cat "$home/jobs/target/classpath.txt")"
  [ -f "$home/bench/target/classpath.txt" ] &&
    bench_class_path="$(ls "$home"/bench/target/penstock-bench-*.jar | head -n 1):$(cat "$home/bench/target/classpath.txt")"
  sandbox_class_path="$home/sandbox/target/penstock-sandbox.jar:$(cat "$home/sandbox/target/classpath.txt")"
  # The JVM of a run. Class data sharing wants the same class path and collector each time.
  penstock_jvm=(
    "$java" "${spark_java_options[@]}"
    -Xmx"${PENSTOCK_HEAP:-2g}" -XX:+UseParallelGC -Xshare:auto -Xlog:cds=off -Xlog:cds+dynamic=off
    -Dpenstock.home="$home"
    -Dpenstock.sandbox.classpath="$sandbox_class_path"
    -Dlog4j2.configurationFile="$home/conf/log4j2.properties"
    -Dspark.ui.enabled=false
  )
}
