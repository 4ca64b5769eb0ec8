package io.penstock.common.config;

import io.penstock.common.secret.Secret;
import java.util.Optional;

/**
 * How people look at a loaded table with Tableau.
 *
 * @param datasource where the data source file goes: an absolute path of the driver's file system
 * @param reader the database user that Tableau signs in as
 * @param readerPassword for {@code verify} alone, which signs in as the reader
 */
public record TableauConfig(String datasource, String reader, Optional<Secret> readerPassword) {}
