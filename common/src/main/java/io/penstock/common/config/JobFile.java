package io.penstock.common.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A job file, validated.
 *
 * @param sources in the order of the file
 * @param query SQL over the sources; empty: the rows of the one source
 * @param template empty: columns pass through
 * @param campaign empty: names hold neither campaign nor group
 * @param sync empty: every run delivers all rows
 * @param destinations in the order of the file
 * @param access who may use the destinations and see personal data
 * @param state where run records and rejects are kept
 * @param schedule when a scheduler is to start the job; empty: nothing is said
 * @param spark additional Spark settings, none of them a secret
 */
public record JobFile(
    String job,
    List<SourceConfig> sources,
    Optional<String> query,
    Optional<TemplateConfig> template,
    RejectsConfig rejects,
    Optional<CampaignConfig> campaign,
    Optional<SyncConfig> sync,
    List<DestinationConfig> destinations,
    AccessPolicy access,
    StoreLocation state,
    Optional<ScheduleConfig> schedule,
    Map<String, String> spark) {}
