@NullMarked
package io.penstock.common.schema;

import org.jspecify.annotations.NullMarked;
