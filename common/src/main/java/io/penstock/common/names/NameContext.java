package io.penstock.common.names;

import io.penstock.common.run.RunContext;
import java.util.Optional;

/** What the variables of a name pattern stand for in one run. */
public record NameContext(
    RunContext run, Optional<String> campaignName, Optional<String> groupName) {}
