package io.penstock.common.schema;

import java.io.Serializable;

/**
 * A column of the rows after mapping.
 *
 * @param nullable false where the template promises a value in every row
 * @param pii whether previews mask its values
 */
public record Column(String name, RedshiftType type, boolean nullable, boolean pii)
    implements Serializable {}
