@NullMarked
package io.penstock.common;

import org.jspecify.annotations.NullMarked;
