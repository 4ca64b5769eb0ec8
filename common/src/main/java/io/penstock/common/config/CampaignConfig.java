package io.penstock.common.config;

import java.util.Optional;

/**
 * What {@code {{campaign_name}}} and {@code {{group_name}}} stand for.
 *
 * @param groupColumn its values are the groups, each with files of its own; empty: no groups
 */
public record CampaignConfig(String name, Optional<String> groupColumn) {}
