@NullMarked
package io.penstock.common.schedule;

import org.jspecify.annotations.NullMarked;
