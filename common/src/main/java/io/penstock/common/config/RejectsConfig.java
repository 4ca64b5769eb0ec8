package io.penstock.common.config;

import java.util.Optional;

/**
 * @param to where rejected rows are written; empty: below the state location
 * @param max more rejected rows than this fail the run
 */
public record RejectsConfig(Optional<StoreLocation> to, long max) {}
