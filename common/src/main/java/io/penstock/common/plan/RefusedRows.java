package io.penstock.common.plan;

import io.penstock.common.config.StoreLocation;

/**
 * Where rows go that COPY refuses.
 *
 * @param location of the rejects of the run
 * @param key of the file below it
 * @param max how many rows a run may reject, those of the template included; above 0
 */
public record RefusedRows(StoreLocation location, String key, long max) {}
