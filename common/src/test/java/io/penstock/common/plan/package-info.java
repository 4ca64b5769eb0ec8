@NullMarked
package io.penstock.common.plan;

import org.jspecify.annotations.NullMarked;
