@NullMarked
package io.penstock.common.names;

import org.jspecify.annotations.NullMarked;
