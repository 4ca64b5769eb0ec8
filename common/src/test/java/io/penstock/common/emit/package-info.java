@NullMarked
package io.penstock.common.emit;

import org.jspecify.annotations.NullMarked;
